package io.leukostream.inference.domain;

import java.util.List;
import java.util.Optional;

/**
 * One subject whose truth is known, as a network sees it that never saw the subject.
 *
 * @param subject the data set's own number, no patient's
 * @param lookGroup subjects of one look of their images; empty where the bundle names none
 * @param probabilities of blast of each counted cell, 0 to 1, calibrated without this subject; never empty
 */
public record ReferenceSubject(String subject, Truth truth, Optional<String> lookGroup, List<Double> probabilities) {
    /** What the subject has by the data set. */
    public enum Truth {
        /** Acute lymphoblastic leukaemia. */
        LEUKAEMIC,
        /** None. */
        NORMAL
    }

    public ReferenceSubject {
        probabilities = List.copyOf(probabilities);
        if (subject.isBlank()) {
            throw new IllegalArgumentException("a reference subject has no name");
        }
        if (probabilities.isEmpty()) {
            throw new IllegalArgumentException("no cells of the reference subject " + subject);
        }
        for (double probability : probabilities) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        "no probability of a cell of the reference subject " + subject + ": " + probability);
            }
        }
    }
}
