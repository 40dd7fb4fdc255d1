package io.leukostream.results.domain;

import java.time.Instant;

/**
 * One link of a patient's chain of events; it holds the hash of the one before, so that none can be changed or taken out
 * without all later ones.
 *
 * @param number from 1
 * @param detail the event as JSON
 */
public record AuditLink(
        String patientId, long number, String event, String actor, String detail, Instant at, String previousHash) {
    /** What the first link holds as the hash of the one before. */
    public static final String NONE_BEFORE = "0".repeat(64);

    public AuditLink {
        // The hash ends each field by a line feed; one within a name would let text move from field to field.
        actor = actor.replace('\n', ' ');
        if (number < 1 || (number == 1) != previousHash.equals(NONE_BEFORE)) {
            throw new IllegalArgumentException("link " + number + " cannot follow " + previousHash);
        }
    }

    /** SHA-256 over all fields, each as UTF-8 and ended by a line feed, the time in milliseconds; hexadecimal. */
    public String hash() {
        return Fingerprint.of(
                patientId, Long.toString(number), event, actor, detail, Long.toString(at.toEpochMilli()), previousHash);
    }
}
