package io.leukostream.results.domain;

import java.util.List;

/**
 * Where a new subject's sensitivity and specificity lie together with a stated probability.
 *
 * @param sensitivity probability that a blast is called BLAST
 * @param specificity probability that another cell is called NOT_BLAST
 */
public record SubjectRegion(Interval sensitivity, Interval specificity) {
    /** Of the miss probability, what each lower end gets: a fraction is decided by those. */
    private static final double LOWER_SHARE = 0.4;
    /** What each upper end gets: they only tell when a model does not fit at all. */
    private static final double UPPER_SHARE = 0.1;

    /**
     * Where a new subject's sensitivity, or specificity, lies, so that a region of two of them misses the subject with at
     * most this probability.
     *
     * @param alpha split over the four ends of the region (Bonferroni), more of it to the lower ones
     */
    static Interval predictive(List<SubjectCalls> subjects, double alpha) {
        return new SubjectRate(subjects).interval(alpha * LOWER_SHARE, alpha * UPPER_SHARE);
    }

    /** The smallest region that holds both. */
    SubjectRegion hull(SubjectRegion other) {
        return new SubjectRegion(sensitivity.hull(other.sensitivity), specificity.hull(other.specificity));
    }

    /** Whether the calls may say nothing at all of this subject: sensitivity + specificity ≤ 1. */
    public boolean mayBeUninformative() {
        return sensitivity.lower() + specificity.lower() <= 1;
    }

    /**
     * The fractions p for which some apparent rate of the interval and some point of the region satisfy {@code apparent =
     * p·Se + (1 − p)·(1 − Sp)}: all where the calls may be uninformative, and perhaps none.
     *
     * <p>For one p the right side takes every value from {@code p·Se₀ + (1 − p)(1 − Sp₁)} to {@code p·Se₁ + (1 − p)(1 −
     * Sp₀)}; both grow with p, so each end of the set is the one p at which an end of that range meets an end of the
     * interval.
     */
    public ConsistentSet consistentWith(Interval apparent) {
        if (mayBeUninformative()) {
            return new ConsistentSet.Of(Interval.ALL);
        }
        double least = (apparent.lower() + specificity.lower() - 1) / (sensitivity.upper() + specificity.lower() - 1);
        double most = (apparent.upper() + specificity.upper() - 1) / (sensitivity.lower() + specificity.upper() - 1);
        if (least > 1 || most < 0) {
            return new ConsistentSet.Empty();
        }
        return new ConsistentSet.Of(new Interval(Math.max(least, 0), Math.min(most, 1)));
    }

    /**
     * The apparent rates that a fraction may show on some subject of the region: MODEL decides against the fraction once
     * the apparent rate's interval lies below or above all of them. All rates where the calls may be uninformative.
     */
    public Interval apparentAt(double fraction) {
        return mayBeUninformative()
                ? Interval.ALL
                : new Interval(
                        fraction * sensitivity.lower() + (1 - fraction) * (1 - specificity.upper()),
                        fraction * sensitivity.upper() + (1 - fraction) * (1 - specificity.lower()));
    }

    /** The fractions that are consistent with what was seen. */
    public sealed interface ConsistentSet {
        /** All of an interval. */
        record Of(Interval interval) implements ConsistentSet {}

        /** None: the model does not fit this specimen. */
        record Empty() implements ConsistentSet {}
    }
}
