package io.leukostream.standalone.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A link of the audit as its record states it, true or not.
 *
 * @param detail the event as JSON
 * @param hash as stated; see {@link #recomputedHash}
 * @param signature base64; null where a version before signing wrote the link
 */
public record Link(
        String patientId,
        long number,
        String event,
        String actor,
        String detail,
        Instant at,
        String previousHash,
        String hash,
        @Nullable String signature,
        @Nullable String keyId) {
    /** What the first link holds as the hash of the one before. */
    static final String NONE_BEFORE = "0".repeat(64);

    /** SHA-256 over the fields up to the hash, each as UTF-8 and ended by a line feed, the time in milliseconds. */
    public String recomputedHash() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (String field : hashedFields()) {
                sha256.update(field.getBytes(StandardCharsets.UTF_8));
                sha256.update((byte) '\n');
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether a field holds what ends fields in the hash; then text could have moved from one to the next. */
    boolean isAmbiguous() {
        return hashedFields().stream().anyMatch(field -> field.indexOf('\n') >= 0);
    }

    private List<String> hashedFields() {
        return List.of(
                patientId, Long.toString(number), event, actor, detail, Long.toString(at.toEpochMilli()), previousHash);
    }

    /** What to keep elsewhere of it. */
    public Head head() {
        return new Head(patientId, number, hash, at.toString(), signature, keyId);
    }
}
