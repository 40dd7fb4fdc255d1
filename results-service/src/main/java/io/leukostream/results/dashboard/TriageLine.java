package io.leukostream.results.dashboard;

import io.leukostream.results.rest.VerdictJson;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be looked at first, as the pages show it. It is no state, and none of its words gives an all-clear.
 *
 * @param code the level as the contracts name it
 * @param words what the page says
 * @param tone the name of its colour; it goes with the words, never instead of them
 * @param why in sentences
 * @param first the first of them
 * @param ratio the likelihood ratio with its interval; null where it is not ranked
 * @param compared with whom, and what the p-values are; null where it is not ranked
 */
public record TriageLine(
        String code,
        String words,
        String tone,
        String why,
        String first,
        @Nullable String ratio,
        @Nullable String compared) {

    private static final Pattern BETWEEN_SENTENCES = Pattern.compile("(?<=\\.) ");

    /** The levels, the one to be looked at first on top; the order of the worklist's filters. */
    static final List<String> BY_URGENCY = List.of("URGENT", "ELEVATED", "UNRANKED", "ROUTINE");

    /** A triage; null where a version before did not rank. */
    static @Nullable TriageLine of(VerdictJson.@Nullable Triage triage) {
        if (triage == null) {
            return null;
        }
        VerdictJson.Ratio ratio = triage.likelihoodRatio();
        return new TriageLine(
                triage.level(),
                words(triage.level()),
                triage.level().toLowerCase(Locale.ROOT),
                triage.reason(),
                BETWEEN_SENTENCES.split(triage.reason(), 2)[0],
                ratio == null
                        ? null
                        : figure(ratio.value()) + " (" + figure(ratio.lower()) + " to " + figure(ratio.upper()) + ")",
                triage.pNormal() == null || triage.pLeukaemia() == null
                        ? null
                        : String.format(
                                Locale.ROOT,
                                "%d normal and %d leukaemic subjects that came with the %s; p %.3f among the normal, %.3f"
                                        + " among the leukaemic",
                                triage.references().normal(),
                                triage.references().leukaemia(),
                                triage.basis().equals("SITE") ? "laboratory" : "model",
                                triage.pNormal(),
                                triage.pLeukaemia()));
    }

    /** The words for a level; one that this page does not know is shown by its code. */
    static String words(String level) {
        return switch (level) {
            case "URGENT" -> "Look first";
            case "ELEVATED" -> "Look soon";
            case "ROUTINE" -> "In turn";
            case "UNRANKED" -> "Not ranked";
            default -> level;
        };
    }

    private static String figure(double value) {
        return value >= 100
                ? String.format(Locale.ROOT, "%,d", Math.round(value))
                : value >= 1 ? String.format(Locale.ROOT, "%.1f", value) : String.format(Locale.ROOT, "%.3g", value);
    }
}
