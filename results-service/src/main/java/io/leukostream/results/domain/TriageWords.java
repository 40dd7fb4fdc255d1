package io.leukostream.results.domain;

import io.leukostream.results.domain.Triage.LikelihoodRatio;
import java.util.Locale;
import java.util.Objects;

/** Why a triage is what it is, in one or two sentences for a person. */
public final class TriageWords {
    private TriageWords() {}

    /**
     * The sentences.
     *
     * @param specimenType code of the specimen's type
     */
    public static String of(Triage triage, String specimenType) {
        String type = SpecimenType.words(specimenType);
        return switch (triage.reason()) {
            case UNLIKE_NORMAL ->
                "The model calls more of its cells blasts than in " + compared(triage, type)
                        + ". Of normal specimens at most " + percent(Objects.requireNonNull(triage.falseAlarmRate()))
                        + " ever come this far, however often one looks.";
            case LIKE_LEUKAEMIA -> ratio(triage) + " It is not beyond the normal specimens of the comparison for sure.";
            case UNCLEAR -> ratio(triage) + " It may be either.";
            case LIKE_NORMAL ->
                "The model calls fewer of its cells blasts than in leukaemic " + type
                        + " specimens. That does not exclude leukaemia.";
            case TOO_FEW_CELLS -> "Only " + triage.cells() + " cells were counted: too few to compare.";
            case WITHHELD -> "The model's calls are withheld, so there is nothing to compare.";
            case NO_REFERENCES -> "The model knows no subjects of this kind and type of specimen to compare with.";
            case TOO_FEW_REFERENCES ->
                "The model knows only " + triage.normal() + " normal and " + triage.leukaemic()
                        + " leukaemic subjects of this kind and type: too few to compare with.";
        };
    }

    private static String compared(Triage triage, String type) {
        String all = "the " + triage.normal() + " normal " + type + " specimens it was compared with";
        return switch (triage.normalAbove()) {
            case 0 -> "each of " + all;
            case 1 -> "all but one of " + all;
            default -> "all but " + triage.normalAbove() + " of " + all;
        };
    }

    private static String ratio(Triage triage) {
        LikelihoodRatio ratio = Objects.requireNonNull(triage.likelihoodRatio());
        return "Calls like these are " + times(ratio.value()) + " as likely in leukaemia as in a normal specimen ("
                + number(ratio.lower()) + " to " + number(ratio.upper()) + ").";
    }

    private static String times(double ratio) {
        return number(ratio) + " times";
    }

    private static String number(double value) {
        return value >= 10
                ? String.format(Locale.ROOT, "%,d", Math.round(value))
                : value >= 0.1
                        ? String.format(Locale.ROOT, "%.1f", value)
                        : value >= 0.001 ? String.format(Locale.ROOT, "%.3f", value) : "less than 0.001";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }
}
