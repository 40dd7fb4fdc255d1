package io.leukostream.results.domain;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sums over images. They are whole numbers, so that they are the same in any order and an image is taken out without a
 * trace.
 *
 * @param images that were classified
 * @param rejected that could not be used
 * @param counted cells that no gate refused
 * @param gated cells that do not count, by reason
 * @param types counted cells by type, those without one left out
 * @param focusThousandths sum over the classified images, 1e-3
 * @param brightnessThousandths the same
 * @param probabilityTenThousandths sum of the blast probabilities of the counted cells, 1e-4
 */
public record ScannerFigures(
        int images,
        int rejected,
        int counted,
        SortedMap<String, Integer> gated,
        SortedMap<String, Integer> types,
        long focusThousandths,
        long brightnessThousandths,
        long probabilityTenThousandths) {
    /** Nothing. */
    public static final ScannerFigures NONE = new ScannerFigures(0, 0, 0, new TreeMap<>(), new TreeMap<>(), 0, 0, 0);

    public ScannerFigures {
        gated = new TreeMap<>(gated);
        types = new TreeMap<>(types);
    }

    /** The figures of one image. */
    public static ScannerFigures of(ImageOutcome outcome) {
        return switch (outcome) {
            case ImageOutcome.Rejected rejected ->
                new ScannerFigures(0, 1, 0, new TreeMap<>(), new TreeMap<>(), 0, 0, 0);
            case ImageOutcome.Classified read -> {
                List<CellCall> counted =
                        read.cells().stream().filter(CellCall::counts).toList();
                yield new ScannerFigures(
                        1,
                        0,
                        counted.size(),
                        Counts.by(read.cells(), CellCall::gate),
                        Counts.by(counted, CellCall::type),
                        Math.round(read.focus() * 1000),
                        Math.round(read.brightness() * 1000),
                        counted.stream()
                                .mapToLong(CellCall::probabilityTenThousandths)
                                .sum());
            }
        };
    }

    /** These and others together. */
    public ScannerFigures plus(ScannerFigures other) {
        return sum(other, 1);
    }

    /** These without others that are among them. */
    public ScannerFigures minus(ScannerFigures other) {
        return sum(other, -1);
    }

    private ScannerFigures sum(ScannerFigures other, int sign) {
        return new ScannerFigures(
                images + sign * other.images,
                rejected + sign * other.rejected,
                counted + sign * other.counted,
                Counts.sum(gated, other.gated, sign),
                Counts.sum(types, other.types, sign),
                focusThousandths + sign * other.focusThousandths,
                brightnessThousandths + sign * other.brightnessThousandths,
                probabilityTenThousandths + sign * other.probabilityTenThousandths);
    }

    /** Whether others can be among these: no count falls below nothing without them. */
    public boolean hold(ScannerFigures other) {
        ScannerFigures rest = minus(other);
        return rest.images >= 0
                && rest.rejected >= 0
                && rest.counted >= 0
                && least(rest.gated) >= 0
                && least(rest.types) >= 0;
    }

    private static int least(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
    }

    /** Cells found, those that do not count too. */
    public int cells() {
        return counted + Counts.total(gated);
    }

    /** Counted cells without a type. */
    public int untyped() {
        return counted - Counts.total(types);
    }
}
