package io.leukostream.results.topology;

/** A record was read and cannot be used, and why. */
final class UnusableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Stable codes of {@code results.rejected}. */
    enum Reason {
        /** The value is null. Nothing is deleted by that: who may delete what is for the vault, not for a topic. */
        TOMBSTONE,
        /** The bytes are no record of this topic. */
        UNREADABLE,
        /** The record has no key. */
        NO_KEY,
        /** An id has not the form of one. */
        MALFORMED_ID,
        /** The key, or an id, is not the one that the record's other ids say. */
        KEY_MISMATCH,
        /** A value that nothing can have. */
        IMPOSSIBLE_VALUE
    }

    private final Reason reason;

    UnusableRecordException(Reason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
