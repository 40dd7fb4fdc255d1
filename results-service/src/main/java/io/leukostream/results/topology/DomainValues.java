package io.leukostream.results.topology;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.events.AlertDelivery;
import io.leukostream.events.CellReview;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.OperatingCharacteristics;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.results.domain.Box;
import io.leukostream.results.domain.CellCall;
import io.leukostream.results.domain.CellKey;
import io.leukostream.results.domain.DeliveryAttempt;
import io.leukostream.results.domain.ImageForm;
import io.leukostream.results.domain.ImageOutcome;
import io.leukostream.results.domain.ModelBundle;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.ReviewEvent;
import io.leukostream.results.domain.ReviewFrame;
import io.leukostream.results.domain.ReviewLabel;
import io.leukostream.results.domain.SubjectCalls;
import io.leukostream.schemas.Identity;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns the records of the topics into the domain's values. */
final class DomainValues {
    private DomainValues() {}

    static Registration registration(SpecimenRegistered record) {
        return new Registration(
                record.getPatientId(),
                record.getSpecimenType(),
                record.getKind(),
                record.getVersion(),
                record.getRegisteredAt(),
                record.getFormerPatientIds().isEmpty() && record.getAssignedBy() == null
                        ? null
                        : new Registration.Assignment(
                                new TreeSet<>(record.getFormerPatientIds()), record.getAssignedBy()));
    }

    static ImageOutcome outcome(ImageClassified record) {
        var model = record.getModel();
        return new ImageOutcome.Classified(
                record.getAttempt(),
                record.getContentSha256(),
                new ModelBundle(
                        model.getName(),
                        model.getVersion(),
                        model.getBundleSha256(),
                        characteristics(model.getOperatingCharacteristics())),
                record.getCells().stream()
                        .map(cell -> new CellCall(
                                new Box(cell.getXPx(), cell.getYPx(), cell.getWidthPx(), cell.getHeightPx()),
                                cell.getLabel().equals("BLAST"),
                                CellCall.tenThousandths(cell.getBlastProbability()),
                                cell.getGate(),
                                cell.getCellType(),
                                cell.getDoubtful()))
                        .toList(),
                origin(record.getScanner(), record.getReceivedAt()),
                form(record.getSpecimenType(), record.getKind()),
                record.getQuality().getFocus(),
                record.getQuality().getBrightness());
    }

    static ImageOutcome outcome(ImageRejected record) {
        return new ImageOutcome.Rejected(
                record.getAttempt(),
                record.getContentSha256(),
                record.getReason(),
                record.getModelVersion(),
                record.getBundleSha256(),
                origin(record.getScanner(), record.getReceivedAt()));
    }

    private static ImageOutcome.@Nullable Origin origin(@Nullable String scanner, @Nullable Instant receivedAt) {
        return receivedAt == null
                ? null
                : new ImageOutcome.Origin(scanner, LocalDate.ofInstant(receivedAt, ZoneOffset.UTC));
    }

    private static @Nullable ImageForm form(@Nullable String specimenType, @Nullable String kind) {
        return specimenType == null || kind == null ? null : new ImageForm(specimenType, kind);
    }

    private static io.leukostream.results.domain.@Nullable OperatingCharacteristics characteristics(
            @Nullable OperatingCharacteristics record) {
        // A bundle without a subject of one of the two kinds was not validated, whatever else it says.
        if (record == null
                || record.getSensitivity().isEmpty()
                || record.getSpecificity().isEmpty()) {
            return null;
        }
        return new io.leukostream.results.domain.OperatingCharacteristics(
                subjects(record.getSensitivity()), subjects(record.getSpecificity()), record.getDesignEffect());
    }

    private static List<SubjectCalls> subjects(List<io.leukostream.events.SubjectCalls> records) {
        return records.stream()
                .map(subject -> new SubjectCalls(subject.getCorrect(), subject.getTotal()))
                .toList();
    }

    /**
     * A review event without codes.
     *
     * @param contentSha256 of an image by its id; null where it is not known yet
     * @return empty while a cell's image is not known: the event waits
     */
    static Optional<ReviewEvent> review(CellReview record, Function<String, @Nullable String> contentSha256) {
        Instant at = record.getAt();
        if (record.getEvent().equals("FRAME_OPENED")) {
            List<CellKey> cells = new ArrayList<>();
            for (String cellId : record.getFrameCellIds()) {
                CellKey cell = cell(cellId, contentSha256);
                if (cell == null) {
                    return Optional.empty();
                }
                cells.add(cell);
            }
            return cells.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ReviewEvent.FrameOpened(record.getEventId(), at, new ReviewFrame(cells)));
        }
        String cellId = record.getCellId();
        CellKey cell = cellId == null ? null : cell(cellId, contentSha256);
        if (cell == null) {
            return Optional.empty();
        }
        String label = record.getNewLabel();
        if (record.getEvent().equals("CELL_LABELLED") && isLabel(label)) {
            return Optional.of(new ReviewEvent.Labelled(
                    record.getEventId(),
                    at,
                    record.getFrameId(),
                    cell,
                    ReviewLabel.valueOf(Objects.requireNonNull(label)),
                    record.getReviewer()));
        }
        return record.getEvent().equals("LABEL_WITHDRAWN")
                ? Optional.of(new ReviewEvent.Withdrawn(
                        record.getEventId(), at, record.getFrameId(), cell, record.getReviewer()))
                : Optional.empty();
    }

    /** What a person did about an alert; empty where this version does not know the action. */
    static Optional<PatientInput> act(AlertAcknowledgement record) {
        return switch (record.getAction()) {
            case "ACKNOWLEDGE" ->
                Optional.of(new PatientInput.Acknowledged(
                        record.getAlertId(),
                        record.getAcknowledgedBy(),
                        record.getReadBackPatientId(),
                        record.getReadBackState(),
                        record.getAt()));
            case "CLOSE" ->
                Optional.of(new PatientInput.Closed(
                        record.getAlertId(),
                        record.getAcknowledgedBy(),
                        Objects.requireNonNullElse(record.getNote(), ""),
                        record.getAt()));
            default -> Optional.empty();
        };
    }

    static PatientInput.Delivered delivery(AlertDelivery record) {
        return new PatientInput.Delivered(
                record.getAlertId(),
                new DeliveryAttempt(
                        record.getAlertState(),
                        record.getChannel(),
                        record.getChannelName(),
                        record.getEventId(),
                        record.getAttempt(),
                        record.getStatus().equals("DELIVERED"),
                        record.getDetail(),
                        record.getNextAttemptAt(),
                        record.getAt()));
    }

    /** Whether a reviewer's label is one that this version knows. */
    static boolean isLabel(@Nullable String label) {
        return Arrays.stream(ReviewLabel.values())
                .anyMatch(known -> known.name().equals(label));
    }

    static @Nullable CellKey cell(String cellId, Function<String, @Nullable String> contentSha256) {
        if (!Identity.isCellId(cellId)) {
            return null;
        }
        String imageId = Identity.imageIdOf(cellId);
        String content = contentSha256.apply(imageId);
        return content == null ? null : new CellKey(content, Box.parse(cellId.substring(imageId.length() + 1)));
    }
}
