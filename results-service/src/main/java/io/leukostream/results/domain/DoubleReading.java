package io.leukostream.results.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How two readers agree on the cells of a frame that both have labelled. The second reader never moves the sequence; the
 * reading says how much a label is worth.
 *
 * @param primary the reader whose labels count
 * @param second the other
 * @param cells cells that both labelled
 * @param agreed those with the same label
 * @param kappa Cohen's kappa over the three labels (Cohen 1960, Educ Psychol Meas 20:37), −1..1; null where chance alone
 *     would agree on every cell, or no cell has two labels
 * @param disagreements the others, in the order of the draw
 */
public record DoubleReading(
        String primary,
        String second,
        int cells,
        int agreed,
        @Nullable Double kappa,
        List<Disagreement> disagreements) {
    public DoubleReading {
        if (primary.equals(second)) {
            throw new IllegalArgumentException("a double reading has two readers, not twice " + primary);
        }
        disagreements = List.copyOf(disagreements);
    }

    /** A cell on which the two differ. */
    public record Disagreement(CellKey cell, ReviewLabel primary, ReviewLabel second) {}

    /** The double readings of a frame: the primary reader against each other one, by name. */
    public static List<DoubleReading> of(Review.Sequence sequence, Collection<ReviewEvent> events) {
        String primary = sequence.primaryReader();
        if (primary == null) {
            return List.of();
        }
        var labels =
                Review.labelsByReader(Review.ordered(events), sequence.frame().id());
        SortedSet<String> others = new TreeSet<>();
        labels.values().forEach(readers -> others.addAll(readers.keySet()));
        others.remove(primary);
        List<DoubleReading> readings = new ArrayList<>();
        for (String second : others) {
            readings.add(between(primary, second, sequence.frame().drawOrder(), labels));
        }
        return readings;
    }

    private static DoubleReading between(
            String primary,
            String second,
            List<CellKey> drawOrder,
            Map<CellKey, ? extends Map<String, ReviewLabel>> labels) {
        Map<ReviewLabel, Integer> byPrimary = new EnumMap<>(ReviewLabel.class);
        Map<ReviewLabel, Integer> bySecond = new EnumMap<>(ReviewLabel.class);
        List<Disagreement> disagreements = new ArrayList<>();
        int cells = 0;
        for (CellKey cell : drawOrder) {
            var readers = labels.get(cell);
            ReviewLabel one = readers == null ? null : readers.get(primary);
            ReviewLabel two = readers == null ? null : readers.get(second);
            if (one == null || two == null) {
                continue;
            }
            cells++;
            byPrimary.merge(one, 1, Integer::sum);
            bySecond.merge(two, 1, Integer::sum);
            if (one != two) {
                disagreements.add(new Disagreement(cell, one, two));
            }
        }
        int agreed = cells - disagreements.size();
        return new DoubleReading(
                primary, second, cells, agreed, kappa(cells, agreed, byPrimary, bySecond), disagreements);
    }

    private static @Nullable Double kappa(
            int cells, int agreed, Map<ReviewLabel, Integer> byPrimary, Map<ReviewLabel, Integer> bySecond) {
        // In whole numbers of pairs: expected and possible agreement times the square of the number of cells.
        long expected = 0;
        for (ReviewLabel label : ReviewLabel.values()) {
            expected += (long) byPrimary.getOrDefault(label, 0) * bySecond.getOrDefault(label, 0);
        }
        long possible = (long) cells * cells;
        return expected == possible ? null : (double) ((long) agreed * cells - expected) / (possible - expected);
    }
}
