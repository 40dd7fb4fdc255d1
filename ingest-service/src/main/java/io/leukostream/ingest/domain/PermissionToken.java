package io.leukostream.ingest.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** The secret that permits to re-identify and to erase. Only its SHA-256 is kept; without a secret nobody is permitted. */
public final class PermissionToken {
    private static final int LEAST_LENGTH = 24;
    private static final String SCHEME = "Bearer ";

    private final byte @Nullable [] expected;

    /**
     * A token.
     *
     * @param secret at least 24 characters; null permits nobody
     * @throws IllegalArgumentException if it is shorter; the message does not quote it
     */
    public PermissionToken(@Nullable String secret) {
        if (secret != null && secret.strip().length() < LEAST_LENGTH) {
            throw new IllegalArgumentException("leukostream.vault.permission-token has "
                    + secret.strip().length() + " characters; at least " + LEAST_LENGTH + " are needed");
        }
        this.expected = secret == null ? null : sha256(secret.strip());
    }

    /** Whether it is set at all. */
    public boolean isSet() {
        return expected != null;
    }

    /**
     * Whether a header Authorization presents the token; takes as long whether the token is nearly right or not at all.
     *
     * @param authorization null where there was none
     */
    public boolean permits(@Nullable String authorization) {
        String presented = "";
        if (authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            presented = authorization.substring(SCHEME.length()).strip();
        }
        byte[] hash = sha256(presented);
        return expected != null && MessageDigest.isEqual(expected, hash);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
