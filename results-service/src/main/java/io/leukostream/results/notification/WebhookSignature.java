package io.leukostream.results.notification;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what a webhook sends, so that its receiver knows who sent it and when: {@code t=<seconds>,v1=<hex>}, where the hex
 * is HMAC-SHA256 (RFC 2104) of {@code <seconds>.<body>} under the secret that both sides hold. A receiver refuses a time
 * that lies far from its own clock, and so a copy that is sent again later.
 */
final class WebhookSignature {
    static final String HEADER = "Leukostream-Signature";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_SECRET = 16;

    private final SecretKeySpec key;

    /**
     * Signs with a secret.
     *
     * @throws IllegalArgumentException where the secret is too short to be one; the message does not say it
     */
    WebhookSignature(String secret) {
        if (secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException("the secret of a webhook has at least " + SHORTEST_SECRET
                    + " characters, this one has " + secret.length());
        }
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** The header's value for a body that is sent at a time. */
    String of(Instant at, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((at.getEpochSecond() + ".").getBytes(StandardCharsets.US_ASCII));
            return "t=" + at.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
