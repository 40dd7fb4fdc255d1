package io.leukostream.results.domain;

/** A closed interval of proportions, 0 ≤ lower ≤ upper ≤ 1. */
public record Interval(double lower, double upper) {
    /** All proportions: nothing is known. */
    public static final Interval ALL = new Interval(0, 1);

    public Interval {
        if (!(0 <= lower && lower <= upper && upper <= 1)) {
            throw new IllegalArgumentException("no interval of proportions: " + lower + ".." + upper);
        }
    }

    /** The smallest interval that holds both. */
    public Interval hull(Interval other) {
        return new Interval(Math.min(lower, other.lower), Math.max(upper, other.upper));
    }

    /** Rounded outwards to 1e-4, so that what is shown holds what was computed. */
    public Interval outward() {
        return new Interval(Math.floor(lower * 1e4 + 1e-9) / 1e4, Math.ceil(upper * 1e4 - 1e-9) / 1e4);
    }
}
