package io.leukostream.inference.domain;

import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an image besides its pixels.
 *
 * @param attempt from 1
 * @param contentSha256 of the file, lower-case hexadecimal
 * @param statedPixelSizeMicrometres empty where the scanner stated none
 * @param scanner the site's alias; null where not stated
 */
public record ImageHead(
        String imageId,
        String specimenId,
        SpecimenType specimenType,
        Kind kind,
        int attempt,
        String contentSha256,
        OptionalDouble statedPixelSizeMicrometres,
        Priority priority,
        @Nullable String scanner,
        Instant receivedAt) {
    public ImageHead {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempts count from 1, not " + attempt);
        }
    }
}
