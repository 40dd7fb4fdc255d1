package io.leukostream.inference.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the cells of one kind of image are called. The kinds ask different questions: among cells cut on black lymphoblasts
 * are told from normal precursors, among the cells of a field blasts of any lineage from all others.
 *
 * @param normalColumn of the network's answer, a logit
 * @param blastColumn of the network's answer, a logit
 * @param operatingThreshold a cell whose rounded probability is at or above it is called blast, 0..1
 * @param cellArea areas that may be judged
 * @param typed whether the network's types were learned from such cells
 * @param identifiability which cells cannot be identified; null where those of that type cannot
 * @param limits the first that does not hold is why a cell is not counted
 * @param doubtfulBeyond a cell that lies beyond any of these counts and is doubtful
 */
public record CallRule(
        int normalColumn,
        int blastColumn,
        Calibration calibration,
        double operatingThreshold,
        AreaRange cellArea,
        boolean typed,
        @Nullable Identifiability identifiability,
        List<AppearanceLimit> limits,
        List<AppearanceRange> doubtfulBeyond) {
    public CallRule {
        limits = List.copyOf(limits);
        doubtfulBeyond = List.copyOf(doubtfulBeyond);
        if (!(operatingThreshold > 0 && operatingThreshold < 1)) {
            throw new IllegalArgumentException("no operating threshold: " + operatingThreshold);
        }
        if (identifiability != null && !typed) {
            throw new IllegalArgumentException("cells without types are not identified");
        }
    }

    /**
     * From which probability of being of no identifiable type.
     *
     * @param doubtfulFrom a cell counts and is doubtful, above 0
     * @param refusedFrom it does not count; not below the other, at most 1
     */
    public record Identifiability(double doubtfulFrom, double refusedFrom) {
        public Identifiability {
            if (!(doubtfulFrom > 0 && doubtfulFrom <= refusedFrom && refusedFrom <= 1)) {
                throw new IllegalArgumentException(
                        "no probabilities of an unidentifiable cell: " + doubtfulFrom + ", " + refusedFrom);
            }
        }
    }

    /** Whether a cell of that rounded probability is called a blast. */
    public boolean isBlast(double blastProbability) {
        return blastProbability >= operatingThreshold;
    }
}
