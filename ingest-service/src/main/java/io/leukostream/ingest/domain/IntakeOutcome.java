package io.leukostream.ingest.domain;

import java.time.Instant;

/** What came of a submitted image. */
public sealed interface IntakeOutcome {
    /**
     * The event log holds the image and its receipt, and the vault knows it.
     *
     * @param duplicate whether the same bytes had been accepted for this specimen before
     * @param receivedAt when they were received first
     */
    record Accepted(ImageId imageId, Specimen specimen, boolean duplicate, Instant receivedAt)
            implements IntakeOutcome {}

    /** Nothing of it was kept. */
    record Refused(Problem problem) implements IntakeOutcome {}
}
