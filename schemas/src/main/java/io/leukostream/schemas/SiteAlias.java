package io.leukostream.schemas;

import java.util.regex.Pattern;

/** The names that a site gives its scanners and stains. They are published, so that they are short and plain. */
public final class SiteAlias {
    /** The longest, in characters. */
    public static final int LONGEST = 32;

    private static final Pattern FORM =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} ._/+()-]{0," + (LONGEST - 1) + "}");

    private SiteAlias() {}

    /** Whether the text begins with a letter or digit, has only those, spaces and {@code ._/+()-}, and is not too long. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }
}
