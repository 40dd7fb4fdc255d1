package io.leukostream.results.topology;

import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a patient.
 *
 * @param specimens by id, the newest assessment of each
 * @param updatedAt event time of the last change
 * @param lastAlert number of the last alert; 0 where there was none
 * @param lastLink number of the last link of the audit; 0 where there is none
 * @param lastHash hash of that link
 */
public record PatientState(
        String patientId,
        SortedMap<String, SpecimenAssessment> specimens,
        @Nullable Instant updatedAt,
        int lastAlert,
        long lastLink,
        String lastHash) {
    public PatientState {
        specimens = new TreeMap<>(specimens);
    }

    static PatientState of(String patientId) {
        return new PatientState(patientId, new TreeMap<>(), null, 0, 0, AuditLink.NONE_BEFORE);
    }

    PatientState with(SpecimenAssessment assessment) {
        SortedMap<String, SpecimenAssessment> changed = new TreeMap<>(specimens);
        changed.put(assessment.specimenId(), assessment);
        return new PatientState(patientId, changed, later(assessment.at()), lastAlert, lastLink, lastHash);
    }

    PatientState without(String specimenId, Instant at) {
        SortedMap<String, SpecimenAssessment> changed = new TreeMap<>(specimens);
        changed.remove(specimenId);
        return new PatientState(patientId, changed, later(at), lastAlert, lastLink, lastHash);
    }

    PatientState withAlert(int number) {
        return new PatientState(patientId, specimens, updatedAt, number, lastLink, lastHash);
    }

    PatientState with(AuditLink link) {
        return new PatientState(patientId, specimens, updatedAt, lastAlert, link.number(), link.hash());
    }

    private Instant later(Instant at) {
        return updatedAt == null || at.isAfter(updatedAt) ? at : updatedAt;
    }

    /** The most severe state among the specimens. */
    public VerdictState state() {
        return VerdictState.mostSevere(
                specimens.values().stream().map(each -> each.verdict().state()).toList());
    }

    /** Hash over the evidence of all specimens. */
    public String evidenceHash() {
        return VerdictPolicy.patientEvidenceHash(specimens.values().stream()
                .map(each -> each.verdict().evidenceHash())
                .toList());
    }

    /** {@code name/version} of the bundles at work, joined by a comma; null where none is. */
    public @Nullable String modelVersion() {
        TreeSet<String> models = new TreeSet<>();
        specimens.values().forEach(each -> models.addAll(each.models()));
        return models.isEmpty() ? null : String.join(", ", models);
    }
}
