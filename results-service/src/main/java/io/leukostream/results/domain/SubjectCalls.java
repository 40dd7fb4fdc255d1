package io.leukostream.results.domain;

/** How many of one validation subject's cells the model called rightly. */
public record SubjectCalls(int correct, int total) {
    public SubjectCalls {
        if (total < 1 || correct < 0 || correct > total) {
            throw new IllegalArgumentException("no calls of a subject: " + correct + " of " + total);
        }
    }
}
