package io.leukostream.results.dashboard;

import org.jspecify.annotations.Nullable;

/**
 * A blast fraction and its interval, drawn to the scale 0–100 %.
 *
 * @param id unique on its page; the drawing's title and description are found by it
 * @param tone colour of the state that the interval led to
 * @param apparent share of the counted cells that were called or labelled blast, 0..1
 * @param corrected the same, corrected for the errors of the model, 0..1; null where that is undefined or there is nothing to
 *     correct
 * @param lower lower end of the interval, 0..1
 * @param upper upper end, 0..1
 * @param level level of the decision that the interval is part of, such as 0.95
 * @param basis MODEL or REVIEW
 * @param denominator code of what the fraction is of
 * @param threshold the fraction that the states refer to, 0..1
 * @param avoidBelow below this fraction the diagnosis is avoided, 0..1
 */
public record IntervalBar(
        String id,
        String tone,
        double apparent,
        @Nullable Double corrected,
        double lower,
        double upper,
        double level,
        String basis,
        String denominator,
        double threshold,
        double avoidBelow) {

    /** Half of what the label of the interval takes on a narrow screen, as a share of the scale. */
    private static final double LABEL_HALF_WIDTH = 0.09;

    /** Where the interval begins. */
    public String lowerPlace() {
        return Percent.place(lower);
    }

    /** How long it is. */
    public String widthPlace() {
        return Percent.place(upper - lower);
    }

    /** Where its label is centred: in its middle, and within the drawing. */
    public String labelPlace() {
        return Percent.place(Math.clamp((lower + upper) / 2, LABEL_HALF_WIDTH, 1 - LABEL_HALF_WIDTH));
    }

    /** Where the apparent fraction lies. */
    public String apparentPlace() {
        return Percent.place(apparent);
    }

    /** Where the corrected fraction lies; null where there is none. */
    public @Nullable String correctedPlace() {
        return corrected == null ? null : Percent.place(corrected);
    }

    /** Where the threshold lies. */
    public String thresholdPlace() {
        return Percent.place(threshold);
    }

    /** Where the mark lies below which the diagnosis is avoided. */
    public String avoidBelowPlace() {
        return Percent.place(avoidBelow);
    }

    /** The interval in figures. */
    public String range() {
        return Percent.interval(lower, upper);
    }

    /** The apparent fraction in figures. */
    public String apparentFigure() {
        return Percent.nearest(apparent);
    }

    /** The corrected fraction in figures; null where there is none. */
    public @Nullable String correctedFigure() {
        return corrected == null ? null : Percent.nearest(corrected);
    }

    /** The threshold in figures. */
    public String thresholdFigure() {
        return Percent.nearest(threshold);
    }

    /** The mark below which the diagnosis is avoided, in figures. */
    public String avoidBelowFigure() {
        return Percent.nearest(avoidBelow);
    }

    /** The level in figures. */
    public String levelFigure() {
        return Percent.nearest(level);
    }

    /** What the fraction is of, in words. */
    public String denominatorWords() {
        return switch (denominator) {
            case "CLASSIFIED_LYMPHOID_CELLS" -> "of classified lymphoid cells";
            case "WHITE_CELLS_FOUND" -> "of the white cells found";
            default -> denominator;
        };
    }

    /** What the fraction rests on, in words. */
    public String basisWords() {
        return switch (basis) {
            case "MODEL" ->
                corrected == null
                        ? "the model’s calls, not corrected: no error rates are known that could correct them here"
                        : "the model’s calls, corrected for how it errs on subjects it had not seen";
            case "REVIEW" -> "cells drawn at random and labelled by a reviewer; the model’s calls play no part";
            default -> basis;
        };
    }

    /** The whole drawing in one sentence, for those who do not see it. */
    public String sentence() {
        return "Between " + Percent.atLeast(lower) + " and " + Percent.atMost(upper) + " " + denominatorWords()
                + " are estimated to be blasts; the threshold is " + thresholdFigure() + ".";
    }
}
