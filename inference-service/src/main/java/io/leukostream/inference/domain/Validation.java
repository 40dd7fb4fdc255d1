package io.leukostream.inference.domain;

import java.util.List;

/**
 * How the model did, by subject, on subjects that it had not seen, for one kind and specimen type.
 *
 * @param sensitivity subjects with blasts: their blasts called blast
 * @param specificity subjects without: their normal cells not called blast
 * @param designEffect by how much the variance of a proportion of one subject's cells exceeds the binomial one, ≥ 1
 */
public record Validation(
        Kind kind,
        SpecimenType specimenType,
        List<SubjectCalls> sensitivity,
        List<SubjectCalls> specificity,
        double designEffect) {
    /** One subject's cells: called as their label says, and in all. */
    public record SubjectCalls(int correct, int total) {
        public SubjectCalls {
            if (total < 1 || correct < 0 || correct > total) {
                throw new IllegalArgumentException(correct + " correct of " + total);
            }
        }
    }

    public Validation {
        sensitivity = List.copyOf(sensitivity);
        specificity = List.copyOf(specificity);
        if (sensitivity.isEmpty() || specificity.isEmpty()) {
            throw new IllegalArgumentException("a validation needs subjects of both kinds");
        }
        if (!(designEffect >= 1 && Double.isFinite(designEffect))) {
            throw new IllegalArgumentException("no design effect: " + designEffect);
        }
    }
}
