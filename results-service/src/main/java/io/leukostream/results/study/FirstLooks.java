package io.leukostream.results.study;

import io.leukostream.results.domain.VerdictState;
import java.util.function.IntFunction;

/**
 * When a rule first said something, if people look after every cell or label.
 *
 * @param suspected cells or labels at the first look at which it said BLASTS_SUSPECTED; {@link #NEVER} if at none
 * @param below the same for BLASTS_BELOW_THRESHOLD
 */
record FirstLooks(int suspected, int below) {
    /** No look. */
    static final int NEVER = Integer.MAX_VALUE;

    /** Looks from one number of cells or labels to another, both included. */
    static FirstLooks over(int from, int to, IntFunction<VerdictState> state) {
        int suspected = NEVER;
        int below = NEVER;
        for (int look = from; look <= to; look++) {
            switch (state.apply(look)) {
                case BLASTS_SUSPECTED -> suspected = Math.min(suspected, look);
                case BLASTS_BELOW_THRESHOLD -> below = Math.min(below, look);
                case INDETERMINATE, INSUFFICIENT_CELLS, WITHHELD -> {}
            }
        }
        return new FirstLooks(suspected, below);
    }

    /** Labels beyond the cells: none where the cells said it at some look, else those of the review. */
    FirstLooks thenBy(FirstLooks review) {
        return new FirstLooks(suspected == NEVER ? review.suspected : 0, below == NEVER ? review.below : 0);
    }
}
