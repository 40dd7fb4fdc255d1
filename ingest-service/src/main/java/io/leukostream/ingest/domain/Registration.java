package io.leukostream.ingest.domain;

/** What came of registering a specimen. */
public sealed interface Registration {
    /**
     * The specimen is registered as stated, now or long since.
     *
     * @param published whether the event log is known to hold this version
     */
    record Registered(Specimen specimen, boolean published) implements Registration {}

    /** The specimen is registered otherwise than stated; nothing was changed. */
    record Conflict(Problem problem) implements Registration {}
}
