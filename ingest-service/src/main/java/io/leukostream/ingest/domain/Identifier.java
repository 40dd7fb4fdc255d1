package io.leukostream.ingest.domain;

import java.text.Normalizer;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How an identifier is kept, by whatever door it came: in Unicode's composed form, with one plain space for each run of
 * blanks and none around it. A no-break space that was copied from a spreadsheet, or a second blank, makes no second
 * patient. Letters and digits stay as they are: sites tell patients apart by case, and full-width digits are not typed by
 * accident.
 */
public final class Identifier {
    private static final char TAB = '\t';

    /** Every blank but the plain space: Unicode's space separators, and the tab. */
    private static final List<String> OTHER_BLANKS = List.of(
            "\t", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
            "\u2008", "\u2009", "\u200a", "\u202f", "\u205f", "\u3000");

    /** Letters and marks that show nothing, or a blank, and are no blanks to Unicode: fillers, joiners, variation selectors. */
    private static final Pattern HIDDEN =
            Pattern.compile("[\\x{034f}\\x{115f}\\x{1160}\\x{17b4}\\x{17b5}\\x{180b}-\\x{180f}"
                    + "\\x{2800}\\x{3164}\\x{fe00}-\\x{fe0f}\\x{ffa0}\\x{e0100}-\\x{e01ef}]");

    private Identifier() {}

    /** Whether it holds what nobody sees: with it and without it would be two patients who read the same. */
    static boolean hidesSomething(String text) {
        return HIDDEN.matcher(text).find();
    }

    /** The text as it is kept; empty where it holds blanks only. */
    public static String kept(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        StringBuilder kept = new StringBuilder(composed.length());
        boolean blank = false;
        for (int k = 0; k < composed.length(); k++) {
            char next = composed.charAt(k);
            if (next == TAB || Character.getType(next) == Character.SPACE_SEPARATOR) {
                blank = true;
                continue;
            }
            if (blank && !kept.isEmpty()) {
                kept.append(' ');
            }
            blank = false;
            kept.append(next);
        }
        return kept.toString();
    }

    /** What a text that is not kept as it is holds, one of them at least; composed form apart. */
    public static List<String> signsOfOthers() {
        return Stream.concat(OTHER_BLANKS.stream(), Stream.of("  ")).toList();
    }
}
