package io.leukostream.results.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How the interval of a review shrank, label by label of its prefix. A cell that is none changes nothing and is no step.
 *
 * @param steps after the first label, the second, and so on
 */
public record ReviewCourse(List<Step> steps) {
    /** Before the first label. */
    public static final ReviewCourse NONE = new ReviewCourse(List.of());

    public ReviewCourse {
        steps = List.copyOf(steps);
    }

    /**
     * After one more label.
     *
     * @param labelled labels so far, BLAST or NOT_BLAST
     * @param blasts BLAST among them
     * @param interval of the fraction of blasts by these labels; holds over all steps at once
     */
    public record Step(int labelled, int blasts, Interval interval) {}

    /**
     * The course of a frame's sequence.
     *
     * @param reviewAlpha the review's share of the error, of which the sequence spends its own share
     */
    public static ReviewCourse of(Review.Sequence sequence, Collection<ReviewEvent> events, double reviewAlpha) {
        String reader = sequence.primaryReader();
        if (reader == null) {
            return NONE;
        }
        var labels =
                Review.labelsByReader(Review.ordered(events), sequence.frame().id());
        List<Step> steps = new ArrayList<>();
        int labelled = 0;
        int blasts = 0;
        for (CellKey cell : sequence.frame().drawOrder()) {
            var readers = labels.get(cell);
            ReviewLabel label = readers == null ? null : readers.get(reader);
            if (label == null) {
                break;
            }
            if (label != ReviewLabel.NOT_A_CELL) {
                labelled++;
                blasts += label == ReviewLabel.BLAST ? 1 : 0;
                steps.add(new Step(
                        labelled,
                        blasts,
                        ConfidenceSequence.interval(blasts, labelled, reviewAlpha * sequence.alphaShare())
                                .outward()));
            }
        }
        return new ReviewCourse(steps);
    }
}
