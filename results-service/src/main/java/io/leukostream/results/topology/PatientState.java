package io.leukostream.results.topology;

import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.Triage;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a patient.
 *
 * @param specimens by id, the newest assessment of each
 * @param past those among them that are before the policy's period: shown, and without a part in the patient's state
 * @param updatedAt event time of the last change
 * @param lastAlert number of the last alert; 0 where there was none
 * @param lastLink number of the last link of the audit; 0 where there is none
 * @param lastHash hash of that link
 * @param movedTo the patient that the specimen which left last was assigned to; null where none left
 */
public record PatientState(
        String patientId,
        SortedMap<String, SpecimenAssessment> specimens,
        SortedSet<String> past,
        @Nullable Instant updatedAt,
        int lastAlert,
        long lastLink,
        String lastHash,
        @Nullable String movedTo) {
    public PatientState {
        specimens = new TreeMap<>(specimens);
        // A patient that was stored before there was a period has none before it.
        past = past == null ? new TreeSet<>() : new TreeSet<>(past);
    }

    static PatientState of(String patientId) {
        return new PatientState(patientId, new TreeMap<>(), new TreeSet<>(), null, 0, 0, AuditLink.NONE_BEFORE, null);
    }

    PatientState with(SpecimenAssessment assessment, VerdictPolicy policy) {
        SortedMap<String, SpecimenAssessment> changed = new TreeMap<>(specimens);
        changed.put(assessment.specimenId(), assessment);
        return of(changed, assessment.at(), policy, movedTo);
    }

    PatientState without(String specimenId, @Nullable String to, Instant at, VerdictPolicy policy) {
        SortedMap<String, SpecimenAssessment> changed = new TreeMap<>(specimens);
        changed.remove(specimenId);
        return of(changed, at, policy, to);
    }

    private PatientState of(
            SortedMap<String, SpecimenAssessment> changed, Instant at, VerdictPolicy policy, @Nullable String to) {
        Map<String, Registration> registrations = new TreeMap<>();
        changed.forEach((id, assessment) -> registrations.put(id, assessment.registration()));
        return new PatientState(
                patientId, changed, policy.past(registrations), later(at), lastAlert, lastLink, lastHash, to);
    }

    PatientState withAlert(int number) {
        return new PatientState(patientId, specimens, past, updatedAt, number, lastLink, lastHash, movedTo);
    }

    PatientState with(AuditLink link) {
        return new PatientState(patientId, specimens, past, updatedAt, lastAlert, link.number(), link.hash(), movedTo);
    }

    private Instant later(Instant at) {
        return updatedAt == null || at.isAfter(updatedAt) ? at : updatedAt;
    }

    /** The patient that all specimens were assigned to; null while there is one here, or never was. */
    public @Nullable String mergedInto() {
        return specimens.isEmpty() ? movedTo : null;
    }

    /** The most severe state among the specimens that count. */
    public VerdictState state() {
        return VerdictState.mostSevere(
                counting().stream().map(each -> each.verdict().state()).toList());
    }

    /** The specimens of the period. */
    public List<SpecimenAssessment> counting() {
        return specimens.values().stream()
                .filter(each -> !past.contains(each.specimenId()))
                .toList();
    }

    /** The specimen that is to be looked at first, among those that count and are ranked; the first by id where several are. */
    public Optional<SpecimenAssessment> lookedAtFirst() {
        return counting().stream()
                .filter(each -> each.triage() != null)
                .max(Comparator.comparing(
                                (SpecimenAssessment each) -> Objects.requireNonNull(each.triage()), Triage.URGENCY)
                        .thenComparing(SpecimenAssessment::specimenId, Comparator.reverseOrder()));
    }

    /** Hash over the evidence of the specimens that count. */
    public String evidenceHash() {
        return VerdictPolicy.patientEvidenceHash(
                counting().stream().map(each -> each.verdict().evidenceHash()).toList());
    }

    /** {@code name/version} of the bundles at work, joined by a comma; null where none is. */
    public @Nullable String modelVersion() {
        TreeSet<String> models = new TreeSet<>();
        specimens.values().forEach(each -> models.addAll(each.models()));
        return models.isEmpty() ? null : String.join(", ", models);
    }
}
