package io.leukostream.results.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a specimen.
 *
 * @param fraction null where no cell was counted
 * @param reasons in sentences for a person
 * @param evidenceHash {@code sha256:…}
 */
public record SpecimenVerdict(
        VerdictState state,
        ReviewDecision reviewDecision,
        @Nullable BlastFraction fraction,
        int reviewedCells,
        List<String> reasons,
        String evidenceHash) {
    public SpecimenVerdict {
        reasons = List.copyOf(reasons);
    }

    /** What the labels of cells drawn at random say by themselves. */
    public enum ReviewDecision {
        UNDECIDED,
        SUSPECTED,
        BELOW
    }
}
