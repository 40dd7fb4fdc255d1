package io.leukostream.ingest.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of the vault's log of accesses; it holds codes, never identifiers.
 *
 * @param number from 1, rising; a gap is a line that was never committed
 * @param actor whom the service took the caller for
 * @param by who the caller said to be; null where nothing was said
 * @param operation what was asked for
 * @param outcome {@code ANSWERED}, {@code DONE}, {@code REPEATED}, or the code of the problem
 * @param code the patient's; null where there is none
 * @param otherCode the second patient's, or the specimen's; null where there is none
 * @param reason as the caller gave it; null where nothing was said
 */
public record Access(
        long number,
        Instant at,
        String actor,
        @Nullable String by,
        Operation operation,
        String outcome,
        @Nullable String code,
        @Nullable String otherCode,
        @Nullable String reason) {
    /** What is logged. */
    public enum Operation {
        /** The code of an identifier. */
        RESOLVE,
        /** The identifiers of a code. */
        IDENTIFY,
        MERGE,
        UNMERGE,
        ERASE,
        /** A look into this log. */
        LIST
    }
}
