package io.leukostream.results.domain;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers the region of each bundle's characteristics: a bundle keeps its own, and a region costs a tenth of a second. */
public final class SubjectRegions {
    private static final int MOST_REMEMBERED = 64;

    private final Map<Question, SubjectRegion> answers = new ConcurrentHashMap<>();

    private record Question(OperatingCharacteristics characteristics, double alpha) {}

    /** The region that misses a new subject with at most probability alpha. */
    SubjectRegion region(OperatingCharacteristics characteristics, double alpha) {
        Question question = new Question(characteristics, alpha);
        SubjectRegion known = answers.get(question);
        if (known != null) {
            return known;
        }
        if (answers.size() >= MOST_REMEMBERED) {
            answers.clear();
        }
        SubjectRegion region = SubjectRegion.predictive(characteristics, alpha);
        answers.put(question, region);
        return region;
    }
}
