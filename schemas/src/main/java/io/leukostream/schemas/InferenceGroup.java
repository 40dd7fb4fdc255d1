package io.leukostream.schemas;

import java.util.Locale;

/**
 * Names of the consumer groups that read the image log: that of the serving inference, whose offsets the accounting trusts,
 * and one for each shadow bundle, so that a bundle that nobody ran before reads the log from its beginning.
 */
public final class InferenceGroup {
    /** Lanes of the image log. */
    public enum Lane {
        ROUTINE,
        STAT;

        /** Lower case, as in the names. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int HASH_DIGITS = 16;

    private InferenceGroup() {}

    /** Before the lane, for the inference whose outcomes count. */
    public static String serving() {
        return "inference";
    }

    /**
     * Before the lane, for the shadow of a bundle.
     *
     * @param bundleSha256 of its model.json, hexadecimal
     */
    public static String shadow(String bundleSha256) {
        if (bundleSha256.length() < HASH_DIGITS) {
            throw new IllegalArgumentException("no SHA-256: " + bundleSha256);
        }
        return "shadow-" + bundleSha256.substring(0, HASH_DIGITS);
    }

    /** The group of a lane. */
    public static String of(String prefix, Lane lane) {
        return prefix + "-" + lane.label();
    }
}
