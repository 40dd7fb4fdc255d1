package io.leukostream.results.domain;

import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import org.apache.commons.numbers.gamma.LogBeta;

/**
 * The prior–posterior-ratio confidence sequence of a proportion (Waudby-Smith and Ramdas 2020, arXiv 2006.04347): with a
 * Beta(½, ½) prior the set {@code {q : Beta(q; ½, ½) / Beta(q; ½+k, ½+n−k) < 1/α}} holds the true rate at all n at once
 * with probability at least 1 − α. It is a function of k and n alone; intersecting it over time would depend on order.
 */
public final class ConfidenceSequence {
    private static final double PRIOR = 0.5;
    private static final double LOG_PRIOR = LogBeta.value(PRIOR, PRIOR);
    private static final int HALVINGS = 60;
    /** More trials than anybody makes. */
    private static final int MOST_TRIALS = 1_000_000;

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
        double constant = constant(successes, failures, alpha);
        // The log of the ratio is convex with its least at k/n, where it is below 0: one end lies on each side.
        DoubleUnaryOperator excess = q -> constant - term(successes, q) - term(failures, 1 - q);
        double centre = successes / trials;
        double lower = successes == 0 ? 0 : crossing(excess, centre, 0);
        double upper = failures == 0 ? 1 : crossing(excess, centre, 1);
        return new Interval(lower, upper);
    }

    /**
     * How many trials it takes in all until the interval lies outside a range, if the rate stays what it is: with r the
     * rate, q the end of the range on its side and d the design effect, the least n with {@code ln B(½ + rn/d, ½ +
     * (1−r)n/d) − ln B(½, ½) − (n/d)·(r·ln q + (1−r)·ln(1−q)) ≥ ln 1/α}, which is when the sequence's interval no longer
     * holds q. For large n that is n·KL(r‖q)/d against ½·ln n + ln 1/α: the nearer r and q, the more it takes.
     *
     * @param rate of successes, 0..1
     * @param designEffect by which trials are divided, ≥ 1
     * @param undecided the range; the interval must come to lie below or above it
     * @return empty where the rate lies in the range, or so near that a million trials do not suffice
     */
    public static OptionalInt trialsToLeave(double rate, double designEffect, Interval undecided, double alpha) {
        if (!(0 <= rate && rate <= 1) || !(designEffect >= 1)) {
            throw new IllegalArgumentException("no rate of trials: " + rate + ", design effect " + designEffect);
        }
        if (undecided.lower() <= rate && rate <= undecided.upper()) {
            return OptionalInt.empty();
        }
        double end = rate < undecided.lower() ? undecided.lower() : undecided.upper();
        IntPredicate left = n -> excess(rate * n / designEffect, (1 - rate) * n / designEffect, end, alpha) >= 0;
        // Along a fixed rate the excess is convex in n, because ln B is, and below 0 at n = 0: it crosses once.
        if (!left.test(MOST_TRIALS)) {
            return OptionalInt.empty();
        }
        int fewer = 0;
        int enough = MOST_TRIALS;
        while (enough - fewer > 1) {
            int middle = (fewer + enough) / 2;
            if (left.test(middle)) {
                enough = middle;
            } else {
                fewer = middle;
            }
        }
        return OptionalInt.of(enough);
    }

    /** The log of the ratio at q less that of 1/α: at least 0 where q is outside the interval. */
    private static double excess(double successes, double failures, double q, double alpha) {
        return constant(successes, failures, alpha) - term(successes, q) - term(failures, 1 - q);
    }

    private static double constant(double successes, double failures, double alpha) {
        return LogBeta.value(PRIOR + successes, PRIOR + failures) - LOG_PRIOR + Math.log(alpha);
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
