package io.leukostream.results.domain;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what is known of a new subject's rates by the characteristics of the bundles: a bundle keeps its own, and a
 * rate costs a twentieth of a second. Threads may share it.
 */
public final class SubjectRegions {
    private static final int MOST_REMEMBERED = 128;

    private final Map<Question, Interval> answers = new ConcurrentHashMap<>();
    private final Map<List<SubjectCalls>, SubjectRate> rates = new ConcurrentHashMap<>();

    private record Question(List<SubjectCalls> subjects, double alpha) {}

    /** The region that misses a new subject with at most probability alpha. */
    SubjectRegion region(OperatingCharacteristics characteristics, double alpha) {
        return new SubjectRegion(
                interval(characteristics.sensitivity(), alpha), interval(characteristics.specificity(), alpha));
    }

    private Interval interval(List<SubjectCalls> subjects, double alpha) {
        Question question = new Question(subjects, alpha);
        Interval known = answers.get(question);
        if (known != null) {
            return known;
        }
        if (answers.size() >= MOST_REMEMBERED) {
            answers.clear();
        }
        Interval interval = SubjectRegion.predictive(subjects, alpha);
        answers.put(question, interval);
        return interval;
    }

    /** What is known of the rate of a new subject by these. */
    SubjectRate rate(List<SubjectCalls> subjects) {
        SubjectRate known = rates.get(subjects);
        if (known != null) {
            return known;
        }
        if (rates.size() >= MOST_REMEMBERED) {
            rates.clear();
        }
        SubjectRate rate = new SubjectRate(subjects);
        rates.put(List.copyOf(subjects), rate);
        return rate;
    }
}
