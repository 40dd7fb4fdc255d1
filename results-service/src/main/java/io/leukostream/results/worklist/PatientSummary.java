package io.leukostream.results.worklist;

import io.leukostream.events.PatientVerdict;
import io.leukostream.events.SpecimenVerdict;
import io.leukostream.results.domain.VerdictState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What the worklist shows of a patient.
 *
 * @param mostSevere the specimen whose state the patient has, the first by id where there are several; without its reasons
 * @param specimenIds all specimens, by id
 */
public record PatientSummary(
        String patientId, VerdictState state, Instant updatedAt, SpecimenVerdict mostSevere, List<String> specimenIds) {
    /** The order of the worklist: most severe first, then the newest. */
    static final Comparator<PatientSummary> ORDER = Comparator.comparing(PatientSummary::state)
            .reversed()
            .thenComparing(PatientSummary::updatedAt, Comparator.reverseOrder())
            .thenComparing(PatientSummary::patientId);

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
