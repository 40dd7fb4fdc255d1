package io.leukostream.results.topology;

import io.leukostream.events.AlertEvent;
import io.leukostream.events.BlastFraction;
import io.leukostream.events.CellCounts;
import io.leukostream.events.ImageCounts;
import io.leukostream.events.LikelihoodRatio;
import io.leukostream.events.PatientAudit;
import io.leukostream.events.PatientVerdict;
import io.leukostream.events.SpecimenVerdict;
import io.leukostream.events.Triage;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.BlastFraction.Basis;
import io.leukostream.results.domain.SignedLink;
import io.leukostream.results.domain.TriageWords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the domain's values into the records of the topics. */
public final class EventRecords {
    private EventRecords() {}

    /** The verdict of a patient who has at least one assessment behind. */
    public static PatientVerdict verdict(PatientState patient) {
        return PatientVerdict.newBuilder()
                .setPatientId(patient.patientId())
                .setState(patient.state().name())
                .setEvidenceHash(patient.evidenceHash())
                .setModelVersion(patient.modelVersion())
                .setUpdatedAt(Objects.requireNonNullElse(patient.updatedAt(), Instant.EPOCH))
                .setResearchUseOnly(true)
                .setSpecimens(patient.specimens().values().stream()
                        .map(each -> patient.past().contains(each.specimenId()) ? past(each) : verdict(each))
                        .toList())
                .setMergedInto(patient.mergedInto())
                .setTriage(patient.lookedAtFirst()
                        .map(each -> triage(each.triage(), each.registration().specimenType()))
                        .orElse(null))
                .build();
    }

    private static SpecimenVerdict past(SpecimenAssessment assessment) {
        SpecimenVerdict verdict = verdict(assessment);
        List<String> reasons = new ArrayList<>(verdict.getReasons());
        reasons.add("The specimen is older than the period that counts for the patient's state.");
        return SpecimenVerdict.newBuilder(verdict).setReasons(reasons).build();
    }

    /** A specimen's part of its patient's verdict. */
    public static SpecimenVerdict verdict(SpecimenAssessment assessment) {
        var counts = assessment.counts();
        return SpecimenVerdict.newBuilder()
                .setSpecimenId(assessment.specimenId())
                .setSpecimenType(assessment.registration().specimenType())
                .setKind(assessment.registration().kind())
                .setState(assessment.verdict().state().name())
                .setImages(ImageCounts.newBuilder()
                        .setReceived(counts.received())
                        .setClassified(counts.classified())
                        .setRejected(counts.rejected())
                        .setPending(counts.pending())
                        .build())
                .setCells(CellCounts.newBuilder()
                        .setCounted(counts.counted())
                        .setCalledBlast(counts.calledBlast())
                        .setGated(counts.gated())
                        .setReviewed(assessment.verdict().reviewedCells())
                        .build())
                .setBlastFraction(fraction(
                        assessment.verdict().fraction(),
                        assessment.registration().kind()))
                .setThreshold(assessment.threshold())
                .setReasons(assessment.verdict().reasons())
                .setEvidenceHash(assessment.verdict().evidenceHash())
                .setTriage(triage(assessment.triage(), assessment.registration().specimenType()))
                .build();
    }

    private static @Nullable Triage triage(io.leukostream.results.domain.@Nullable Triage triage, String specimenType) {
        if (triage == null) {
            return null;
        }
        var ratio = triage.likelihoodRatio();
        return Triage.newBuilder()
                .setLevel(triage.level().name())
                .setReason(TriageWords.of(triage, specimenType))
                .setPNormal(triage.pNormal())
                .setPLeukaemia(triage.pLeukaemia())
                .setLikelihoodRatio(
                        ratio == null ? null : new LikelihoodRatio(ratio.value(), ratio.lower(), ratio.upper()))
                .setBasis(triage.basis().name())
                .setNormalReferences(triage.normal())
                .setLeukaemicReferences(triage.leukaemic())
                .setCells(triage.cells())
                .setFalseAlarmRate(triage.falseAlarmRate())
                .build();
    }

    /** Only cells that were cut out beforehand are lymphoid ones alone; a field holds all white cells. */
    private static @Nullable BlastFraction fraction(
            io.leukostream.results.domain.@Nullable BlastFraction fraction, String kind) {
        return fraction == null
                ? null
                : BlastFraction.newBuilder()
                        .setApparent(fraction.apparent())
                        .setCorrected(fraction.corrected())
                        .setLower(fraction.interval().lower())
                        .setUpper(fraction.interval().upper())
                        .setLevel(fraction.level())
                        .setBasis(fraction.basis().name())
                        .setDenominator(
                                fraction.basis() == Basis.MODEL && kind.equals("CELL")
                                        ? "CLASSIFIED_LYMPHOID_CELLS"
                                        : "WHITE_CELLS_FOUND")
                        .build();
    }

    static AlertEvent alert(Alert alert) {
        Alert.Step step = alert.lastStep();
        return AlertEvent.newBuilder()
                .setAlertId(alert.id())
                .setPatientId(alert.patientId())
                .setNumber(alert.number())
                .setState(alert.state().name())
                .setVerdictState(alert.verdictState().name())
                .setEvidenceHash(alert.evidenceHash())
                .setRaisedAt(alert.raisedAt())
                .setDueAt(alert.dueAt())
                .setAcknowledgedBy(alert.acknowledgedBy())
                .setReason(alert.reason())
                .setAt(alert.updatedAt())
                .setStep(step == null ? 0 : step.number())
                .setRung(alert.course().rungs())
                .setRecipient(step == null ? null : step.to())
                .setChannels(step == null ? List.of() : List.copyOf(step.channels()))
                .setClosedBy(alert.course().closedBy())
                .setKind(alert.kind().name())
                .build();
    }

    static String alertId(String patientId, int number) {
        return patientId + "." + number;
    }

    static PatientAudit audit(SignedLink signed) {
        AuditLink link = signed.link();
        return PatientAudit.newBuilder()
                .setPatientId(link.patientId())
                .setNumber(link.number())
                .setEvent(link.event())
                .setActor(link.actor())
                .setDetail(link.detail())
                .setAt(link.at())
                .setPreviousHash(link.previousHash())
                .setHash(link.hash())
                .setSignature(signed.signature())
                .setKeyId(signed.keyId())
                .build();
    }
}
