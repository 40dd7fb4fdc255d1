package io.leukostream.results.domain;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.LogBeta;

/**
 * The prior–posterior-ratio confidence sequence of a proportion (Waudby-Smith and Ramdas 2020, arXiv 2006.04347): with a
 * Beta(½, ½) prior the set {@code {q : Beta(q; ½, ½) / Beta(q; ½+k, ½+n−k) < 1/α}} holds the true rate at all n at once
 * with probability at least 1 − α. It is a function of k and n alone; intersecting it over time would depend on order.
 */
public final class ConfidenceSequence {
    private static final double PRIOR = 0.5;
    private static final int HALVINGS = 60;

    private ConfidenceSequence() {}

    /**
     * The interval after n trials.
     *
     * @param successes k, 0..n; not whole where it was divided by a design effect
     * @param trials n, ≥ 0
     * @param alpha probability that the true rate is ever missed, in (0, 1)
     */
    public static Interval interval(double successes, double trials, double alpha) {
        if (!(0 <= successes && successes <= trials)) {
            throw new IllegalArgumentException("no proportion: " + successes + " of " + trials);
        }
        if (!(0 < alpha && alpha < 1)) {
            throw new IllegalArgumentException("alpha lies in (0, 1), not at " + alpha);
        }
        if (trials == 0) {
            return Interval.ALL;
        }
        double failures = trials - successes;
        double constant = LogBeta.value(PRIOR + successes, PRIOR + failures) - LogBeta.value(PRIOR, PRIOR);
        // The log of the ratio is convex with its least at k/n, where it is below 0: one end lies on each side.
        DoubleUnaryOperator excess = q -> constant - term(successes, q) - term(failures, 1 - q) + Math.log(alpha);
        double centre = successes / trials;
        double lower = successes == 0 ? 0 : crossing(excess, centre, 0);
        double upper = failures == 0 ? 1 : crossing(excess, centre, 1);
        return new Interval(lower, upper);
    }

    /** n·ln q with 0·ln 0 = 0. */
    private static double term(double count, double rate) {
        return count == 0 ? 0 : count * Math.log(rate);
    }

    /** Where the excess crosses 0 between a point inside and one outside. */
    private static double crossing(DoubleUnaryOperator excess, double inside, double outside) {
        double in = inside;
        double out = outside;
        for (int k = 0; k < HALVINGS; k++) {
            double middle = (in + out) / 2;
            if (excess.applyAsDouble(middle) < 0) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return out;
    }
}
