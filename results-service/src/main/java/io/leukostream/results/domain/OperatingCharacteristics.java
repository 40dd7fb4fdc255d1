package io.leukostream.results.domain;

import java.util.List;

/**
 * How a model did on subjects that it had not seen, for one kind and type of specimen.
 *
 * @param sensitivity subjects with blasts: their blasts called BLAST; at least one
 * @param specificity subjects without: their normal cells called NOT_BLAST; at least one
 * @param designEffect by how much the variance of one subject's proportion exceeds the binomial one, ≥ 1
 */
public record OperatingCharacteristics(
        List<SubjectCalls> sensitivity, List<SubjectCalls> specificity, double designEffect) {
    public OperatingCharacteristics {
        sensitivity = List.copyOf(sensitivity);
        specificity = List.copyOf(specificity);
        if (sensitivity.isEmpty() || specificity.isEmpty()) {
            throw new IllegalArgumentException("characteristics without subjects say nothing");
        }
        if (!(designEffect >= 1)) {
            throw new IllegalArgumentException("a design effect is at least 1, not " + designEffect);
        }
    }

    static double pooled(List<SubjectCalls> subjects) {
        long correct = subjects.stream().mapToLong(SubjectCalls::correct).sum();
        long total = subjects.stream().mapToLong(SubjectCalls::total).sum();
        return (double) correct / total;
    }
}
