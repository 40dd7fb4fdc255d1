package io.leukostream.results.rest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a patient's audit, newest first, and its head.
 *
 * @param next what to pass as {@code page} for the next part; null on the last
 * @param head the newest link; null where there is none
 */
public record AuditJson(
        String patientId,
        List<Link> items,
        @Nullable String next,
        @Nullable Head head) {
    public AuditJson {
        items = List.copyOf(items);
    }

    /**
     * One link.
     *
     * @param number from 1
     * @param event what kind of event, such as VERDICT_CHANGED
     * @param words the event in a sentence
     * @param detail the event as JSON, just as it was hashed
     * @param previousHash hash of the link before
     * @param hash SHA-256 over the fields before it
     * @param signature Ed25519 over the hash, base64; null where an older version wrote the link
     * @param keyId names the key; null with the signature
     * @param verified whether this service's key signed it, and it follows the link before
     */
    public record Link(
            long number,
            String event,
            String words,
            String actor,
            String detail,
            Instant at,
            String previousHash,
            String hash,
            @Nullable String signature,
            @Nullable String keyId,
            boolean verified) {}

    /** What to keep elsewhere: a chain that was cut or written anew does not contain it. */
    public record Head(
            String patientId,
            long number,
            String hash,
            Instant at,
            @Nullable String signature,
            @Nullable String keyId) {}
}
