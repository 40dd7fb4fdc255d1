package io.leukostream.inference.domain;

/**
 * Between which values a figure of the network about a cell's appearance lies where the cell is like those it learned from.
 *
 * @param column of the network's answer
 * @param lower smallest such value; may be −∞
 * @param upper largest such value; may be +∞
 */
public record AppearanceRange(int column, double lower, double upper) {
    public AppearanceRange {
        if (!(lower < upper)) {
            throw new IllegalArgumentException("no range of the appearance: " + lower + ".." + upper);
        }
    }

    /** Whether the figure of the cell whose answers begin there lies within; no number does not. */
    boolean holds(float[] answers, int from) {
        float value = answers[from + column];
        return value >= lower && value <= upper;
    }
}
