package io.leukostream.simulator;

import java.time.Duration;

/** How pushing one image ended. */
public sealed interface ScanAnswer {
    /** What was pushed. */
    Submission submission();

    /**
     * It lies in the log.
     *
     * @param duplicate it lay there already
     * @param took from the first attempt to the answer
     * @param attempts how often it was sent
     */
    record Accepted(
            Submission submission,
            String imageId,
            String patientId,
            String specimenId,
            boolean duplicate,
            Duration took,
            int attempts)
            implements ScanAnswer {}

    /**
     * Ingest will not take it, or is still too busy when patience ended.
     *
     * @param status HTTP status
     * @param code the problem's stable code; {@code UNKNOWN} where the answer had none
     * @param detail the problem's sentence for a person; may be empty
     */
    record Refused(Submission submission, int status, String code, String detail) implements ScanAnswer {}

    /**
     * No answer came, or the file could not be read.
     *
     * @param cause why
     */
    record Failed(Submission submission, String cause) implements ScanAnswer {}
}
