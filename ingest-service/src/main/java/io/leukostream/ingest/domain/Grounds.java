package io.leukostream.ingest.domain;

import java.text.Normalizer;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who did something about a patient, and why, in their own words. Both are kept in the log of the vault, also when the
 * patient is erased, and {@code by} is published with a merge: neither may hold an identifier.
 *
 * @param by a person's name as the site gives it, at most 64 characters
 * @param reason at most 256 characters
 */
public record Grounds(String by, String reason) {
    static final int BY_LENGTH = 64;
    static final int REASON_LENGTH = 256;
    private static final int TELLING_LENGTH = 6;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /**
     * The field that holds one of these identifiers: as a word of its own or, if it is long enough for this to be no
     * accident, as a part of one; null where none does.
     */
    public @Nullable String fieldThatTells(Collection<String> identifiers) {
        for (String identifier : identifiers) {
            if (tells(by, identifier)) {
                return "by";
            }
            if (tells(reason, identifier)) {
                return "reason";
            }
        }
        return null;
    }

    private static boolean tells(String text, String identifier) {
        String told = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        String secret = identifier.toLowerCase(Locale.ROOT);
        return secret.length() >= TELLING_LENGTH
                ? told.contains(secret)
                : BETWEEN_WORDS.splitAsStream(told).anyMatch(secret::equals)
                        || SPACE.splitAsStream(told).anyMatch(secret::equals);
    }
}
