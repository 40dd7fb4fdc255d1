package io.leukostream.results.domain;

import java.util.Collection;
import java.util.Comparator;

/** What is said of a specimen or a patient, least severe first. None says that there is no leukaemia. */
public enum VerdictState {
    /** The interval lies below the threshold. */
    BLASTS_BELOW_THRESHOLD,
    /** Fewer cells than the policy asks for. */
    INSUFFICIENT_CELLS,
    /** The interval spans the threshold, or the policy forbids an answer. */
    INDETERMINATE,
    /** The model visibly does not fit the specimen, or too many of its cells were refused for their quality. */
    WITHHELD,
    /** The interval lies at or above the threshold. */
    BLASTS_SUSPECTED;

    /** The most severe of some states; without any, there are too few cells. */
    public static VerdictState mostSevere(Collection<VerdictState> states) {
        return states.stream().max(Comparator.naturalOrder()).orElse(INSUFFICIENT_CELLS);
    }
}
