package io.leukostream.results.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A patient's verdict. Research use only: a haematologist decides.
 *
 * @param state the most severe state among the specimens
 * @param evidenceHash {@code sha256:…} over all evidence; equal evidence, equal verdict, wherever it was computed
 * @param modelVersion name/version of the model, several joined by a comma; null before the first outcome
 * @param triage that of the specimen to be looked at first; null without one, and from a version that did not rank
 * @param mergedInto the patient that all specimens were assigned to; left out while this one has a specimen
 */
public record VerdictJson(
        String patientId,
        String state,
        String evidenceHash,
        @Nullable String modelVersion,
        Instant updatedAt,
        boolean researchUseOnly,
        @Nullable Triage triage,
        List<Specimen> specimens,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String mergedInto) {
    public VerdictJson {
        specimens = List.copyOf(specimens);
    }

    /** The verdict on a patient who has specimens. */
    public VerdictJson(
            String patientId,
            String state,
            String evidenceHash,
            @Nullable String modelVersion,
            Instant updatedAt,
            boolean researchUseOnly,
            @Nullable Triage triage,
            List<Specimen> specimens) {
        this(patientId, state, evidenceHash, modelVersion, updatedAt, researchUseOnly, triage, specimens, null);
    }

    /**
     * One specimen of a verdict; {@code blastFraction} is null where no cell was counted, {@code triage} from a version that did
     * not rank.
     */
    public record Specimen(
            String specimenId,
            String specimenType,
            String kind,
            String state,
            Images images,
            Cells cells,
            @Nullable Fraction blastFraction,
            double threshold,
            @Nullable Triage triage,
            List<String> reasons,
            String evidenceHash) {
        public Specimen {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Who is to be looked at first. It decides no state and clears nobody.
     *
     * @param level URGENT, ELEVATED, ROUTINE or UNRANKED
     * @param reason why, in sentences for a person
     * @param pNormal conformal p-value against the normal subjects; null where UNRANKED, as the three that follow
     * @param pLeukaemia conformal p-value against the leukaemic ones
     * @param likelihoodRatio how many times likelier the calls are in leukaemia
     * @param basis BUNDLE or SITE: whose subjects it rests on
     * @param cells the specimen's cells that were compared
     * @param falseAlarmRate the most of normal specimens that ever become URGENT, however often one looks
     */
    public record Triage(
            String level,
            String reason,
            @Nullable Double pNormal,
            @Nullable Double pLeukaemia,
            @Nullable Ratio likelihoodRatio,
            String basis,
            References references,
            int cells,
            @Nullable Double falseAlarmRate) {}

    /** A likelihood ratio with its interval at 95 %. */
    public record Ratio(double value, double lower, double upper) {}

    /** How many subjects a specimen was compared with. */
    public record References(int normal, int leukaemia) {}

    /** Images, each counted once; {@code received} is receipts and outcomes together. */
    public record Images(int received, int classified, int rejected, int pending) {}

    /** Cells: those that enter the fraction, those of them called BLAST, those a gate refused, those a person labelled. */
    public record Cells(int counted, int calledBlast, int gated, int reviewed) {}

    /**
     * An estimate of the fraction of blasts, 0..1.
     *
     * @param corrected null where sensitivity and specificity do not define it
     * @param basis MODEL or REVIEW
     * @param denominator CLASSIFIED_LYMPHOID_CELLS or WHITE_CELLS_FOUND
     */
    public record Fraction(
            double apparent,
            @Nullable Double corrected,
            double lower,
            double upper,
            double level,
            String basis,
            String denominator) {}
}
