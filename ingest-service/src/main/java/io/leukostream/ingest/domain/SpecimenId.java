package io.leukostream.ingest.domain;

import java.util.regex.Pattern;

/**
 * Code of a specimen, random, given by the vault.
 *
 * @param value {@code S-} and 8 characters of Crockford's base32
 */
public record SpecimenId(String value) {
    private static final Pattern FORM = Pattern.compile("S-[0-9A-HJKMNP-TV-Z]{8}");

    public SpecimenId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a code of the form S-XXXXXXXX: " + value);
        }
    }
}
