package io.leukostream.ingest.vault;

import java.security.SecureRandom;

/** Random codes: 8 characters of Crockford's base32 (40 bits), which have nothing to do with the person. */
final class Codes {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 8;

    private final SecureRandom random = new SecureRandom();

    String next(String prefix) {
        StringBuilder code = new StringBuilder(prefix).append('-');
        for (int k = 0; k < LENGTH; k++) {
            code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }
}
