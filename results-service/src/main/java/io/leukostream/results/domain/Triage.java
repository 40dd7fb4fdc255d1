package io.leukostream.results.domain;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be looked at first: how the calls on a specimen compare with those on subjects whose diagnosis is known. It is no
 * verdict: it decides no state and clears nobody.
 *
 * @param pNormal conformal p-value against the normal subjects; null where it is not ranked
 * @param pLeukaemia conformal p-value against the leukaemic ones; null where it is not ranked
 * @param likelihoodRatio null where it is not ranked
 * @param normal normal subjects that it was compared with
 * @param leukaemic leukaemic ones
 * @param normalAbove normal subjects whose share is not below what the specimen's is at least
 * @param cells the specimen's cells that were compared
 * @param falseAlarmRate probability that a normal specimen ever becomes {@code URGENT}, over all looks; null where it is not
 *     ranked
 */
public record Triage(
        Level level,
        Reason reason,
        @Nullable Double pNormal,
        @Nullable Double pLeukaemia,
        @Nullable LikelihoodRatio likelihoodRatio,
        Basis basis,
        int normal,
        int leukaemic,
        int normalAbove,
        int cells,
        @Nullable Double falseAlarmRate) {
    /** The one to be looked at first is the greatest: by level, then by likelihood ratio. */
    public static final Comparator<Triage> URGENCY = Comparator.comparing(Triage::level)
            .thenComparingDouble(triage -> triage.likelihoodRatio() == null
                    ? 0
                    : triage.likelihoodRatio().value());

    /** How soon somebody should look; the later, the sooner. */
    public enum Level {
        /** The calls are unlike those on leukaemic subjects, whenever one looked. It says nothing of what the model cannot see. */
        ROUTINE,
        /** Nothing can be said. */
        UNRANKED,
        /** Neither. */
        ELEVATED,
        /** The calls are unlike those on normal subjects, whenever one looked. */
        URGENT
    }

    /** Why a level. */
    public enum Reason {
        /** Above the normal subjects by more than chance, over all looks. */
        UNLIKE_NORMAL,
        /** Likelier in leukaemia, and not above the normal subjects for sure. */
        LIKE_LEUKAEMIA,
        /** It may be either. */
        UNCLEAR,
        /** Below the leukaemic subjects by more than chance, over all looks. */
        LIKE_NORMAL,
        /** Fewer cells than the policy asks for. */
        TOO_FEW_CELLS,
        /** The model's calls are withheld: for their quality, or because the model or the registration does not fit. */
        WITHHELD,
        /** The bundle knows no subjects of this kind and type of specimen. */
        NO_REFERENCES,
        /** Too few to hold the rate of false alarms that the policy asks for. */
        TOO_FEW_REFERENCES
    }

    /** Whose subjects it rests on. */
    public enum Basis {
        /** Those that came with the model. */
        BUNDLE,
        /** The laboratory's own. */
        SITE
    }

    /**
     * How many times likelier the calls are in leukaemia than in a normal specimen.
     *
     * @param lower lower end of its interval at 95 %
     * @param upper upper end
     */
    public record LikelihoodRatio(double value, double lower, double upper) {}
}
