package io.leukostream.results.domain;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far a scanner's day lies from its earlier days: Shewhart's control chart for means, which clinical laboratories know
 * as the Levey–Jennings chart (Levey and Jennings 1950; Westgard et al. 1981, rule 1-3s).
 *
 * <p>The unit is the specimen, because images of one specimen resemble each other: with m and s the mean and standard
 * deviation of the specimens of the earlier days (K of them) and x̄ the mean of the day's k specimens, the distance is
 * {@code (x̄ − m) / (s · √(1/k + 1/K))}. The children of a day differ in their blasts; that is part of s. The focus, which
 * spreads by factors, is compared by its logarithm.
 *
 * <p>It calls for attention to the scanner and never changes a verdict.
 *
 * @param attentionAt distance at and above which a day calls for attention; 3 by the usual rule
 * @param referenceDays how many days back the earlier days reach
 * @param leastSpecimens fewer specimens on the earlier days are not compared with
 */
public record DriftPolicy(double attentionAt, int referenceDays, int leastSpecimens) {
    /** Three standard errors, thirty days, ten specimens. */
    public static final DriftPolicy DEFAULT = new DriftPolicy(3, 30, 10);

    /** The distance that is said where the earlier specimens do not differ at all, and otherwise the largest. */
    public static final double FARTHEST = 100;

    private static final double LEAST_DEVIATION = 1e-9;
    private static final double LEAST_FOCUS = 1e-3;

    public DriftPolicy {
        if (!(attentionAt > 0) || referenceDays < 1 || leastSpecimens < 2) {
            throw new IllegalArgumentException("no drift policy: attention at " + attentionAt + ", " + referenceDays
                    + " days, at least " + leastSpecimens + " specimens");
        }
    }

    /**
     * Each day of each scanner against the earlier ones, the newest first.
     *
     * @param entries in any order; several of one scanner, day and specimen count together
     */
    public List<DriftDay> assess(Collection<ScannerDay> entries) {
        Map<Optional<String>, List<ScannerDay>> byScanner =
                entries.stream().collect(Collectors.groupingBy(entry -> Optional.ofNullable(entry.scanner())));
        List<DriftDay> days = new ArrayList<>();
        byScanner.values().forEach(own -> days.addAll(assessOne(own)));
        days.sort(Comparator.comparing(DriftDay::day)
                .reversed()
                .thenComparing(DriftDay::scanner, Comparator.nullsLast(Comparator.naturalOrder())));
        return days;
    }

    private List<DriftDay> assessOne(List<ScannerDay> own) {
        NavigableMap<LocalDate, SortedMap<String, ScannerFigures>> byDay = new TreeMap<>();
        own.forEach(entry -> byDay.computeIfAbsent(entry.day(), day -> new TreeMap<>())
                .merge(entry.specimenId(), entry.figures(), ScannerFigures::plus));
        List<DriftDay> days = new ArrayList<>();
        byDay.forEach((day, specimens) -> {
            List<ScannerFigures> now = List.copyOf(specimens.values());
            List<ScannerFigures> earlier = byDay.subMap(day.minusDays(referenceDays), day).values().stream()
                    .flatMap(each -> each.values().stream())
                    .toList();
            days.add(new DriftDay(
                    own.getFirst().scanner(),
                    day,
                    now.size(),
                    now.stream().reduce(ScannerFigures.NONE, ScannerFigures::plus),
                    earlier.size(),
                    distance(now, earlier, DriftPolicy::focus),
                    distance(now, earlier, DriftPolicy::brightness),
                    distance(now, earlier, DriftPolicy::blastProbability)));
        });
        return days;
    }

    /** Whether a day calls for attention. */
    public boolean attention(DriftDay day) {
        Double drift = day.drift();
        return drift != null && drift >= attentionAt;
    }

    /** Natural logarithm of the mean focus; NaN without an image. */
    private static double focus(ScannerFigures figures) {
        return figures.images() == 0
                ? Double.NaN
                : Math.log(Math.max(LEAST_FOCUS, figures.focusThousandths() / 1000.0 / figures.images()));
    }

    private static double brightness(ScannerFigures figures) {
        return figures.images() == 0 ? Double.NaN : figures.brightnessThousandths() / 1000.0 / figures.images();
    }

    private static double blastProbability(ScannerFigures figures) {
        return figures.counted() == 0 ? Double.NaN : figures.probabilityTenThousandths() / 1e4 / figures.counted();
    }

    private @Nullable Double distance(
            List<ScannerFigures> now, List<ScannerFigures> earlier, ToDoubleFunction<ScannerFigures> figure) {
        double[] day = known(now, figure);
        double[] reference = known(earlier, figure);
        if (day.length == 0 || reference.length < leastSpecimens) {
            return null;
        }
        double mean = mean(reference);
        double squares = 0;
        for (double value : reference) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = Math.max(LEAST_DEVIATION, Math.sqrt(squares / (reference.length - 1)));
        double error = deviation * Math.sqrt(1.0 / day.length + 1.0 / reference.length);
        return Math.clamp((mean(day) - mean) / error, -FARTHEST, FARTHEST);
    }

    private static double[] known(List<ScannerFigures> figures, ToDoubleFunction<ScannerFigures> figure) {
        return figures.stream()
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
