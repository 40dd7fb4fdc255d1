package io.leukostream.ingest.domain;

import java.util.regex.Pattern;

/**
 * Id of an image: the same bytes for the same specimen have the same id on every machine.
 *
 * @param value the specimen's code, a dot, and 26 characters of base32
 */
public record ImageId(String value) {
    private static final Pattern FORM = Pattern.compile("S-[0-9A-HJKMNP-TV-Z]{8}\\.[A-Z2-7]{26}");

    public ImageId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not an image id: " + value);
        }
    }
}
