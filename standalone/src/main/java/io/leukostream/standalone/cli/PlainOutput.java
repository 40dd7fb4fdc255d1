package io.leukostream.standalone.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stream to a terminal that shows what it is given and obeys none of it. Names and notes that come from the log may hold
 * escape sequences, which would move the cursor or rewrite what stands above, or characters that turn the direction of text;
 * they are shown by their numbers.
 */
public final class PlainOutput extends PrintStream {
    /** Shows on another stream. */
    public PlainOutput(PrintStream terminal) {
        super(terminal, true, StandardCharsets.UTF_8);
    }

    /** The text with each character that only steers a terminal by its number. */
    public static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (steers(character)) {
                for (char unit : Character.toChars(character)) {
                    plain.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            } else {
                plain.appendCodePoint(character);
            }
        });
        return plain.toString();
    }

    private static boolean steers(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL -> character != '\n' && character != '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    @Override
    public void print(@Nullable Object value) {
        print(String.valueOf(value));
    }

    /** What else prints text comes by here. */
    @Override
    public void print(@Nullable String text) {
        super.print(plain(String.valueOf(text)));
    }
}
