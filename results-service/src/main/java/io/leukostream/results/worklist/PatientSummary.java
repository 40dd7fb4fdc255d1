package io.leukostream.results.worklist;

import io.leukostream.events.PatientVerdict;
import io.leukostream.events.SpecimenVerdict;
import io.leukostream.events.Triage;
import io.leukostream.results.domain.Triage.Level;
import io.leukostream.results.domain.VerdictState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the worklist shows of a patient.
 *
 * @param mostSevere the specimen whose state the patient has, the first by id where there are several; without its reasons
 * @param triage of the specimen to be looked at first; null from a version that did not rank
 * @param specimenIds all specimens, by id
 */
public record PatientSummary(
        String patientId,
        VerdictState state,
        Instant updatedAt,
        SpecimenVerdict mostSevere,
        @Nullable Triage triage,
        List<String> specimenIds) {
    /**
     * The order of the worklist, look here first: suspicions on top and what lies below the threshold at the end; in between by
     * the triage's level and likelihood ratio; then the most severe, then the newest.
     */
    static final Comparator<PatientSummary> ORDER = Comparator.comparingInt(PatientSummary::place)
            .thenComparing(PatientSummary::level, Comparator.reverseOrder())
            .thenComparing(PatientSummary::ratio, Comparator.reverseOrder())
            .thenComparing(PatientSummary::state, Comparator.reverseOrder())
            .thenComparing(PatientSummary::updatedAt, Comparator.reverseOrder())
            .thenComparing(PatientSummary::patientId);

    private int place() {
        return switch (state) {
            case BLASTS_SUSPECTED -> 0;
            case WITHHELD, INDETERMINATE, INSUFFICIENT_CELLS -> 1;
            case BLASTS_BELOW_THRESHOLD -> 2;
        };
    }

    /** How soon somebody should look; what was not ranked is not known to be routine. */
    Level level() {
        return triage == null ? Level.UNRANKED : Level.valueOf(triage.getLevel());
    }

    private double ratio() {
        return triage == null || triage.getLikelihoodRatio() == null
                ? 0
                : triage.getLikelihoodRatio().getValue();
    }

    public PatientSummary {
        specimenIds = List.copyOf(specimenIds);
        if (!specimenIds.contains(mostSevere.getSpecimenId())) {
            throw new IllegalArgumentException(mostSevere.getSpecimenId() + " is none of " + specimenIds);
        }
    }

    /** The summary of a verdict on at least one specimen. */
    static PatientSummary of(PatientVerdict verdict) {
        SpecimenVerdict mostSevere = verdict.getSpecimens().stream()
                // The patient's state is one of its specimens', but not always the most severe: a past one may not
                // count.
                .max(Comparator.comparing(
                                (SpecimenVerdict each) -> each.getState().equals(verdict.getState()))
                        .thenComparing(each -> VerdictState.valueOf(each.getState()))
                        .thenComparing(SpecimenVerdict::getSpecimenId, Comparator.reverseOrder()))
                .orElseThrow();
        return new PatientSummary(
                verdict.getPatientId(),
                VerdictState.valueOf(verdict.getState()),
                verdict.getUpdatedAt(),
                withoutReasons(mostSevere),
                verdict.getTriage(),
                verdict.getSpecimens().stream()
                        .map(SpecimenVerdict::getSpecimenId)
                        .sorted()
                        .toList());
    }

    private static SpecimenVerdict withoutReasons(SpecimenVerdict verdict) {
        return SpecimenVerdict.newBuilder()
                .setSpecimenId(verdict.getSpecimenId())
                .setSpecimenType(verdict.getSpecimenType())
                .setKind(verdict.getKind())
                .setState(verdict.getState())
                .setImages(verdict.getImages())
                .setCells(verdict.getCells())
                .setBlastFraction(verdict.getBlastFraction())
                .setThreshold(verdict.getThreshold())
                .setReasons(List.of())
                .setEvidenceHash(verdict.getEvidenceHash())
                .build();
    }

    /** Whether the patient's code or that of a specimen holds this. */
    boolean holds(String fragment) {
        if (patientId.contains(fragment)) {
            return true;
        }
        // A loop: a search asks this of every patient.
        for (String specimenId : specimenIds) {
            if (specimenId.contains(fragment)) {
                return true;
            }
        }
        return false;
    }
}
