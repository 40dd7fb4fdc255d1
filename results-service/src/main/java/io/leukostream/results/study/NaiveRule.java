package io.leukostream.results.study;

import io.leukostream.results.domain.VerdictState;

/**
 * The rule that the verdict replaces: at each look the share of cells called BLAST, held against a threshold.
 *
 * @param threshold at or above which it says BLASTS_SUSPECTED; below, BLASTS_BELOW_THRESHOLD
 */
record NaiveRule(double threshold) {
    VerdictState state(int counted, int calledBlast) {
        return calledBlast >= threshold * counted ? VerdictState.BLASTS_SUSPECTED : VerdictState.BLASTS_BELOW_THRESHOLD;
    }
}
