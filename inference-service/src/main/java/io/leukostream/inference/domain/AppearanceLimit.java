package io.leukostream.inference.domain;

/**
 * Between which values a figure of the network about a cell's appearance must lie for the cell to count.
 *
 * @param column of the network's answer
 * @param lower smallest value that counts; may be −∞
 * @param upper largest value that counts; may be +∞
 * @param gate why a cell beyond them does not
 */
public record AppearanceLimit(int column, double lower, double upper, Gate gate) {
    public AppearanceLimit {
        if (!(lower < upper)) {
            throw new IllegalArgumentException("no limits of " + gate + ": " + lower + ".." + upper);
        }
    }

    /** Whether the value lies within; no number does not. */
    boolean holds(float value) {
        return value >= lower && value <= upper;
    }
}
