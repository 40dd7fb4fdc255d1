package io.leukostream.results.domain;

import java.time.LocalDate;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One day of a scanner against its earlier days.
 *
 * @param scanner the site's alias; null where it was not stated
 * @param day UTC day
 * @param specimens how many specimens its images are of
 * @param figures sums over its images
 * @param referenceSpecimens how many specimens of earlier days it is compared with
 * @param focus distance of the focus, in standard errors; null where there is too little to compare
 * @param brightness the same of the brightness
 * @param blastProbability the same of the mean blast probability
 */
public record DriftDay(
        @Nullable String scanner,
        LocalDate day,
        int specimens,
        ScannerFigures figures,
        int referenceSpecimens,
        @Nullable Double focus,
        @Nullable Double brightness,
        @Nullable Double blastProbability) {

    /** The largest of the distances, whatever its sign; null where there is none. */
    public @Nullable Double drift() {
        return Stream.of(focus, brightness, blastProbability)
                .filter(Objects::nonNull)
                .map(Math::abs)
                .max(Double::compare)
                .orElse(null);
    }
}
