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
 * @param mergedInto the patient that all specimens were assigned to; left out while this one has a specimen
 */
public record VerdictJson(
        String patientId,
        String state,
        String evidenceHash,
        @Nullable String modelVersion,
        Instant updatedAt,
        boolean researchUseOnly,
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
            List<Specimen> specimens) {
        this(patientId, state, evidenceHash, modelVersion, updatedAt, researchUseOnly, specimens, null);
    }

    /** One specimen of a verdict; {@code blastFraction} is null where no cell was counted. */
    public record Specimen(
            String specimenId,
            String specimenType,
            String kind,
            String state,
            Images images,
            Cells cells,
            @Nullable Fraction blastFraction,
            double threshold,
            List<String> reasons,
            String evidenceHash) {
        public Specimen {
            reasons = List.copyOf(reasons);
        }
    }

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
