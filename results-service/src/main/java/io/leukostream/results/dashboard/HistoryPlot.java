package io.leukostream.results.dashboard;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The intervals of a patient's specimens in the order of time, side by side: a column each, {@value #HEIGHT} units high,
 * 100 % on top.
 *
 * @param columns one for each specimen that has an interval, the oldest first
 * @param widthUnits width of the drawing
 * @param thresholdY where the threshold lies
 * @param thresholdFigure the threshold in figures
 * @param sentence the drawing in a sentence
 */
public record HistoryPlot(
        List<Column> columns, int widthUnits, String thresholdY, String thresholdFigure, String sentence) {
    /** Height of the drawing, units. */
    public static final int HEIGHT = 200;

    private static final int COLUMN = 140;
    private static final int FEWEST = 2;

    /** Takes a copy of the list. */
    public HistoryPlot {
        columns = List.copyOf(columns);
    }

    /**
     * A specimen.
     *
     * @param x middle of its column
     * @param upperY upper end of its interval
     * @param length of the interval
     * @param apparentY where the apparent fraction lies
     * @param at when its evidence last changed
     */
    public record Column(
            String specimenId,
            StateWords state,
            String range,
            String basis,
            int x,
            String upperY,
            String length,
            String apparentY,
            Moment at) {}

    /** Draws them; null where fewer than two specimens have an interval, for then there is nothing to compare. */
    static @Nullable HistoryPlot of(List<SpecimenPanel> panels, Map<String, Instant> times, ZoneId zone) {
        List<SpecimenPanel> ordered = panels.stream()
                .filter(panel -> panel.bar() != null && times.containsKey(panel.specimenId()))
                .sorted(Comparator.comparing((SpecimenPanel panel) -> times.get(panel.specimenId()))
                        .thenComparing(SpecimenPanel::specimenId))
                .toList();
        if (ordered.size() < FEWEST) {
            return null;
        }
        List<Column> columns = new ArrayList<>();
        double threshold = 0;
        for (SpecimenPanel panel : ordered) {
            IntervalBar bar = panel.bar();
            Instant at = times.get(panel.specimenId());
            if (bar == null || at == null) {
                continue;
            }
            threshold = bar.threshold();
            columns.add(new Column(
                    panel.specimenId(),
                    panel.state(),
                    bar.range(),
                    bar.basis().equals("REVIEW") ? "review" : "model",
                    columns.size() * COLUMN + COLUMN / 2,
                    units((1 - bar.upper()) * HEIGHT),
                    units((bar.upper() - bar.lower()) * HEIGHT),
                    units((1 - bar.apparent()) * HEIGHT),
                    Moment.of(at, zone)));
        }
        Column first = columns.getFirst();
        Column last = columns.getLast();
        return new HistoryPlot(
                columns,
                columns.size() * COLUMN,
                units((1 - threshold) * HEIGHT),
                Percent.nearest(threshold),
                "From " + first.range() + " on " + first.at().shown() + " to " + last.range() + " on "
                        + last.at().shown() + ".");
    }

    private static String units(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
