package io.leukostream.standalone.audit;

import org.jspecify.annotations.Nullable;

/**
 * Something that the services never write.
 *
 * @param check which check failed
 * @param number the link; 0 where the record is none
 * @param partition where it lies; null where the record is missing
 * @param offset where it lies in the partition; null with it
 * @param words what is wrong, for a person
 */
public record Finding(
        Check check,
        long number,
        @Nullable Integer partition,
        @Nullable Long offset,
        String words) {
    /** What each link is held to. */
    public enum Check {
        /** The record is a link. */
        READABLE,
        /** It lies under its patient's key. */
        KEY,
        /** Each number is there, and once. */
        NUMBER,
        /** A link lies behind the one before it, in the same partition. */
        ORDER,
        /** It names the hash of the one before. */
        PREVIOUS_HASH,
        /** It says what its hash was made from. */
        HASH,
        /** The site's key signed the hash. */
        SIGNATURE,
        /** A head that was kept elsewhere is in the chain. */
        HEAD
    }

    static Finding at(Check check, long number, FoundRecord found, String words) {
        return new Finding(check, number, found.partition(), found.offset(), words);
    }

    static Finding missing(Check check, long number, String words) {
        return new Finding(check, number, null, null, words);
    }
}
