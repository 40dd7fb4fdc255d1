package io.leukostream.results.rest;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; one that cannot be read is a problem that names what can. */
final class Parameters {
    private static final int MOST_PAGES = 1_000_000;

    private static final int LONGEST_NAME = 100;

    /**
     * Control characters, those that turn the direction of text, and separators of lines; not the joiners that names of many
     * languages are written with.
     */
    private static final Pattern STEERING =
            Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cs}\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]");

    private Parameters() {}

    static int page(String text) {
        return number("page", text, 0, MOST_PAGES);
    }

    static int number(String name, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw outOfRange(name, text, least, most);
        }
        throw outOfRange(name, text, least, most);
    }

    private static Problem outOfRange(String name, String text, int least, int most) {
        return Problem.badParameter(name, text, "a whole number from " + least + " to " + most);
    }

    static <E extends Enum<E>> @Nullable E optional(Class<E> type, String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return ResultsQueries.code(type, text);
        } catch (IllegalArgumentException e) {
            String names = Arrays.stream(type.getEnumConstants())
                    .map(each -> each.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
            throw Problem.badParameter(name, text, "one of " + names);
        }
    }

    /** The name of a person: of at most {@value #LONGEST_NAME} characters, none of which only steers how text is shown. */
    static String person(String field, @Nullable String text) {
        String name = required(field, text);
        if (name.length() > LONGEST_NAME) {
            throw Problem.unprocessable(
                    "NAME_TOO_LONG",
                    "Name too long",
                    "The field " + field + " holds at most " + LONGEST_NAME + " characters.");
        }
        if (STEERING.matcher(name).find()) {
            throw Problem.unprocessable(
                    "NAME_NOT_PLAIN",
                    "Name of characters that cannot be shown",
                    "The field " + field + " holds letters, digits, spaces and punctuation only.");
        }
        return name;
    }

    static String required(String name, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw Problem.missing(name);
        }
        return text.strip();
    }
}
