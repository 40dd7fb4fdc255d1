package io.leukostream.ingest.domain;

import java.util.regex.Pattern;

/**
 * Code of a patient, random, given by the vault.
 *
 * @param value {@code P-} and 8 characters of Crockford's base32
 */
public record PatientId(String value) {
    private static final Pattern FORM = Pattern.compile("P-[0-9A-HJKMNP-TV-Z]{8}");

    public PatientId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a code of the form P-XXXXXXXX: " + value);
        }
    }
}
