package io.leukostream.results.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of the worklist. Counts and fraction are those of the patient's most severe specimen.
 *
 * @param specimenId the most severe specimen
 * @param triage that of the specimen to be looked at first, which may be another one; null from a version that did not rank
 * @param alert the alert that is neither superseded nor closed; null where there is none
 */
public record PatientJson(
        String patientId,
        String state,
        Instant updatedAt,
        String specimenId,
        String specimenType,
        String kind,
        int specimens,
        VerdictJson.Images images,
        VerdictJson.Cells cells,
        VerdictJson.@Nullable Fraction blastFraction,
        double threshold,
        VerdictJson.@Nullable Triage triage,
        @Nullable AlertJson alert) {}
