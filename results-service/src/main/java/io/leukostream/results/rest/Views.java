package io.leukostream.results.rest;

import io.leukostream.events.ClassifiedCell;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.PatientVerdict;
import io.leukostream.events.SpecimenVerdict;
import io.leukostream.events.Triage;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.DeliveryAttempt;
import io.leukostream.results.domain.DeliveryHistory;
import io.leukostream.results.domain.DriftDay;
import io.leukostream.results.domain.Review.ShownLabel;
import io.leukostream.results.domain.ScannerFigures;
import io.leukostream.results.topology.EventRecords;
import io.leukostream.results.topology.ImageEntry;
import io.leukostream.results.topology.PatientState;
import io.leukostream.results.topology.SpecimenAssessment;
import io.leukostream.results.topology.SpecimenAssessment.FrameProgress;
import io.leukostream.results.worklist.PatientSummary;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what the stores and topics hold into the JSON records. */
public final class Views {
    private Views() {}

    static VerdictJson verdict(PatientState patient) {
        return verdict(EventRecords.verdict(patient));
    }

    /** A verdict as its topic has it. */
    public static VerdictJson verdict(PatientVerdict verdict) {
        return new VerdictJson(
                verdict.getPatientId(),
                verdict.getState(),
                verdict.getEvidenceHash(),
                verdict.getModelVersion(),
                verdict.getUpdatedAt(),
                verdict.getResearchUseOnly(),
                triage(verdict.getTriage()),
                verdict.getSpecimens().stream().map(Views::specimen).toList(),
                verdict.getMergedInto());
    }

    private static VerdictJson.@Nullable Triage triage(@Nullable Triage triage) {
        if (triage == null) {
            return null;
        }
        var ratio = triage.getLikelihoodRatio();
        return new VerdictJson.Triage(
                triage.getLevel(),
                triage.getReason(),
                triage.getPNormal(),
                triage.getPLeukaemia(),
                ratio == null ? null : new VerdictJson.Ratio(ratio.getValue(), ratio.getLower(), ratio.getUpper()),
                triage.getBasis(),
                new VerdictJson.References(triage.getNormalReferences(), triage.getLeukaemicReferences()),
                triage.getCells(),
                triage.getFalseAlarmRate());
    }

    static VerdictJson.Specimen specimen(SpecimenAssessment assessment) {
        return specimen(EventRecords.verdict(assessment));
    }

    private static VerdictJson.Specimen specimen(SpecimenVerdict verdict) {
        var images = verdict.getImages();
        var cells = verdict.getCells();
        var fraction = verdict.getBlastFraction();
        return new VerdictJson.Specimen(
                verdict.getSpecimenId(),
                verdict.getSpecimenType(),
                verdict.getKind(),
                verdict.getState(),
                new VerdictJson.Images(
                        images.getReceived(), images.getClassified(), images.getRejected(), images.getPending()),
                new VerdictJson.Cells(
                        cells.getCounted(), cells.getCalledBlast(), cells.getGated(), cells.getReviewed()),
                fraction == null
                        ? null
                        : new VerdictJson.Fraction(
                                fraction.getApparent(),
                                fraction.getCorrected(),
                                fraction.getLower(),
                                fraction.getUpper(),
                                fraction.getLevel(),
                                fraction.getBasis(),
                                fraction.getDenominator()),
                verdict.getThreshold(),
                triage(verdict.getTriage()),
                verdict.getReasons(),
                verdict.getEvidenceHash());
    }

    static PatientJson line(PatientSummary patient, @Nullable Alert alert) {
        VerdictJson.Specimen specimen = specimen(patient.mostSevere());
        return new PatientJson(
                patient.patientId(),
                patient.state().name(),
                patient.updatedAt(),
                specimen.specimenId(),
                specimen.specimenType(),
                specimen.kind(),
                patient.specimenIds().size(),
                specimen.images(),
                specimen.cells(),
                specimen.blastFraction(),
                specimen.threshold(),
                triage(patient.triage()),
                alert == null ? null : alert(alert));
    }

    static SpecimenJson specimenInFull(SpecimenAssessment assessment) {
        var frame = assessment.frame();
        return new SpecimenJson(
                assessment.registration().patientId(),
                specimen(assessment),
                assessment.models(),
                TypeShare.of(assessment.types(), assessment.counts().counted() - sum(assessment.types())),
                assessment.doubtful(),
                frame == null ? null : frame(frame));
    }

    static SpecimenJson.Frame frame(FrameProgress progress) {
        return new SpecimenJson.Frame(
                progress.frameId(),
                progress.cells(),
                progress.drawn(),
                progress.labelled(),
                progress.blasts(),
                progress.primaryReader(),
                progress.lower(),
                progress.upper(),
                switch (progress.decision()) {
                    case UNDECIDED -> "UNDECIDED";
                    case SUSPECTED -> "BLASTS_SUSPECTED";
                    case BELOW -> "BLASTS_BELOW_THRESHOLD";
                });
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    static DriftJson.Day drift(DriftDay day, boolean attention) {
        ScannerFigures figures = day.figures();
        return new DriftJson.Day(
                day.scanner(),
                day.day(),
                day.specimens(),
                figures.images(),
                figures.rejected(),
                figures.cells(),
                figures.counted(),
                figures.gated().entrySet().stream()
                        .map(entry -> new DriftJson.GateShare(
                                entry.getKey(), entry.getValue(), (double) entry.getValue() / figures.cells()))
                        .sorted(Comparator.comparingInt(DriftJson.GateShare::cells)
                                .reversed()
                                .thenComparing(DriftJson.GateShare::reason))
                        .toList(),
                TypeShare.of(figures.types(), figures.untyped()),
                figure(figures.focusThousandths() / 1e3, figures.images(), day.focus()),
                figure(figures.brightnessThousandths() / 1e3, figures.images(), day.brightness()),
                figure(figures.probabilityTenThousandths() / 1e4, figures.counted(), day.blastProbability()),
                day.referenceSpecimens(),
                day.drift(),
                attention);
    }

    private static DriftJson.Figure figure(double sum, int count, @Nullable Double distance) {
        return new DriftJson.Figure(count == 0 ? null : (Double) (sum / count), distance);
    }

    static CellJson cell(String imageId, ClassifiedCell cell, @Nullable ShownLabel shown) {
        return new CellJson(
                cell.getCellId(),
                imageId,
                new CellJson.Box(cell.getXPx(), cell.getYPx(), cell.getWidthPx(), cell.getHeightPx()),
                cell.getAreaMicrometres2(),
                cell.getLabel(),
                cell.getBlastProbability(),
                cell.getCellType(),
                cell.getGate(),
                cell.getDoubtful(),
                shown == null ? null : shown.label().name(),
                shown == null ? null : shown.reviewer(),
                cropUrl(cell.getCellId()));
    }

    static String cropUrl(String cellId) {
        return "/api/v1/cells/" + cellId + "/crop";
    }

    static ImageJson image(String imageId, ImageEntry entry, Map<String, ShownLabel> labels) {
        ImageClassified classified = entry.classified();
        ImageRejected rejected = entry.rejected();
        ImageReceipt receipt = entry.receipt();
        ImageJson.Receipt receiptJson = receipt == null
                ? null
                : new ImageJson.Receipt(
                        receipt.getAttempt(),
                        receipt.getSizeBytes(),
                        receipt.getPriority(),
                        receipt.getScanner(),
                        receipt.getReceivedAt());
        String specimenId = io.leukostream.schemas.Identity.specimenIdOf(imageId);
        if (classified != null) {
            var model = classified.getModel();
            var quality = classified.getQuality();
            return new ImageJson(
                    imageId,
                    specimenId,
                    "CLASSIFIED",
                    null,
                    null,
                    classified.getAttempt(),
                    receiptJson,
                    coordinates(classified.getSource()),
                    new ImageJson.Model(
                            model.getName(),
                            model.getVersion(),
                            model.getBundleSha256(),
                            model.getOperatingThreshold()),
                    new ImageJson.Quality(
                            quality.getWidthPx(),
                            quality.getHeightPx(),
                            quality.getPixelSizeMicrometres(),
                            quality.getPixelSizeSource(),
                            quality.getFocus(),
                            quality.getBrightness(),
                            quality.getClippedShare()),
                    classified.getClassifiedAt(),
                    "/api/v1/images/" + imageId + "/display",
                    classified.getCells().stream()
                            .map(cell -> cell(imageId, cell, labels.get(cell.getCellId())))
                            .toList());
        }
        boolean pending = rejected == null;
        Coordinates source = rejected != null ? rejected.getSource() : receipt == null ? null : receipt.getImage();
        Instant decidedAt = rejected == null ? null : rejected.getRejectedAt();
        return new ImageJson(
                imageId,
                specimenId,
                pending ? "PENDING" : "REJECTED",
                rejected == null ? null : rejected.getReason(),
                rejected == null ? null : rejected.getDetail(),
                rejected != null ? (Integer) rejected.getAttempt() : receipt == null ? null : receipt.getAttempt(),
                receiptJson,
                source == null ? null : coordinates(source),
                null,
                null,
                decidedAt,
                null,
                List.of());
    }

    private static ImageJson.Coordinates coordinates(Coordinates at) {
        return new ImageJson.Coordinates(at.getTopic(), at.getPartition(), at.getOffset());
    }

    /** An alert as lists tell it. */
    static AlertJson alert(Alert alert) {
        return alert(alert, null, null);
    }

    /** An alert with all that happened to it. */
    static AlertJson alertInFull(Alert alert, DeliveryHistory deliveries) {
        return alert(
                alert,
                alert.course().steps().stream()
                        .map(step -> new AlertJson.Step(
                                step.number(), step.state().name(), step.at(), step.by(), step.to(), step.reason()))
                        .toList(),
                deliveries.attempts().stream().map(Views::delivery).toList());
    }

    private static AlertJson.Delivery delivery(DeliveryAttempt attempt) {
        return new AlertJson.Delivery(
                attempt.state(),
                attempt.channel(),
                attempt.name(),
                attempt.eventId(),
                attempt.attempt(),
                attempt.delivered() ? "DELIVERED" : "FAILED",
                attempt.detail(),
                attempt.nextAttemptAt(),
                attempt.at());
    }

    private static AlertJson alert(
            Alert alert, @Nullable List<AlertJson.Step> history, @Nullable List<AlertJson.Delivery> deliveries) {
        Alert.NextRung next = alert.course().next();
        return new AlertJson(
                alert.id(),
                alert.patientId(),
                alert.kind().name(),
                alert.state().name(),
                alert.verdictState().name(),
                alert.evidenceHash(),
                alert.raisedAt(),
                alert.dueAt(),
                alert.escalated(),
                alert.acknowledgedBy(),
                alert.acknowledgedAt(),
                alert.reason(),
                alert.updatedAt(),
                alert.course().rungs(),
                next == null ? null : new AlertJson.NextEscalation(next.rung(), next.at(), next.to()),
                alert.course().closedBy(),
                history,
                deliveries);
    }
}
