package io.leukostream.ingest.domain;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a scanner states about an image. The text form leaves out what is the site's own.
 *
 * @param pixelSizeMicrometres edge of a pixel in the specimen plane, 0.005 to 5 µm; null where not stated
 * @param scanner the site's alias of the scanner; null where not stated
 * @param stain as the site names it; null where not stated
 * @param capturedOn day of capture where it was captured; null where not stated
 * @param externalId the sender's own name of the image, kept in the vault; null where not stated
 */
public record Submission(
        Registrant registrant,
        @Nullable Double pixelSizeMicrometres,
        Priority priority,
        @Nullable String scanner,
        @Nullable String stain,
        @Nullable LocalDate capturedOn,
        @Nullable String externalId) {
    /** The same under another name. */
    public Submission named(@Nullable String name) {
        return new Submission(registrant, pixelSizeMicrometres, priority, scanner, stain, capturedOn, name);
    }

    @Override
    public String toString() {
        return "Submission[" + registrant + ", " + priority + "]";
    }
}
