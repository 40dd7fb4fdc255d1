package io.leukostream.inference.messaging;

import io.leukostream.events.CellCrop;
import io.leukostream.events.ClassifiedCell;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageEvidence;
import io.leukostream.events.ImageQuality;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.ModelReference;
import io.leukostream.events.OperatingCharacteristics;
import io.leukostream.events.SubjectCalls;
import io.leukostream.inference.domain.Gate;
import io.leukostream.inference.domain.ImageHead;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Source;
import io.leukostream.inference.domain.SpecimenType;
import io.leukostream.inference.domain.Validation;
import io.leukostream.schemas.Identity;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Outcomes as the records that others read. */
final class OutcomeRecords {
    private record Validated(Kind kind, SpecimenType specimenType) {}

    private final ModelDescription model;
    private final Map<Validated, ModelReference> references = new ConcurrentHashMap<>();

    OutcomeRecords(ModelDescription model) {
        this.model = model;
    }

    /** What a reviewer looks at. */
    ImageEvidence evidence(Outcome.Classified outcome) {
        String imageId = outcome.head().imageId();
        byte[] display = outcome.displayJpeg();
        List<CellCrop> crops = outcome.cells().stream()
                .map(cell -> new CellCrop(cellId(imageId, cell), ByteBuffer.wrap(cell.cropJpeg())))
                .toList();
        return ImageEvidence.newBuilder()
                .setImageId(imageId)
                .setSpecimenId(outcome.head().specimenId())
                .setAttempt(outcome.head().attempt())
                .setBundleSha256(model.bundleSha256())
                .setDisplay(display == null ? null : ByteBuffer.wrap(display))
                .setDisplayScale(outcome.displayScale())
                .setCrops(crops)
                .build();
    }

    /** The outcome of an image that could be read, with the place of its evidence. */
    ImageClassified classified(Outcome.Classified outcome, Source evidence, Instant now) {
        ImageHead head = outcome.head();
        List<ClassifiedCell> cells =
                outcome.cells().stream().map(cell -> cell(head.imageId(), cell)).toList();
        return ImageClassified.newBuilder()
                .setImageId(head.imageId())
                .setSpecimenId(head.specimenId())
                .setAttempt(head.attempt())
                .setContentSha256(head.contentSha256())
                .setModel(references.computeIfAbsent(new Validated(head.kind(), head.specimenType()), this::reference))
                .setQuality(quality(outcome.quality()))
                .setCells(cells)
                .setSource(coordinates(outcome.source()))
                .setEvidence(coordinates(evidence))
                .setPriority(head.priority().name())
                .setScanner(head.scanner())
                .setSpecimenType(head.specimenType().name())
                .setKind(head.kind().name())
                .setReceivedAt(head.receivedAt())
                .setClassifiedAt(now)
                .build();
    }

    /** The outcome of an image that could not be used. */
    ImageRejected rejected(Outcome.Rejected outcome, Instant now) {
        return ImageRejected.newBuilder()
                .setImageId(outcome.imageId())
                .setSpecimenId(outcome.specimenId())
                .setAttempt(outcome.attempt())
                .setReason(outcome.reason().name())
                .setDetail(outcome.detail())
                .setContentSha256(outcome.contentSha256())
                .setModelVersion(model.version().toString())
                .setBundleSha256(model.bundleSha256())
                .setSource(coordinates(outcome.source()))
                .setPriority(outcome.priority().name())
                .setScanner(outcome.scanner())
                .setReceivedAt(outcome.receivedAt())
                .setRejectedAt(now)
                .build();
    }

    private static ClassifiedCell cell(String imageId, Outcome.CalledCell cell) {
        return ClassifiedCell.newBuilder()
                .setCellId(cellId(imageId, cell))
                .setXPx(cell.box().xPx())
                .setYPx(cell.box().yPx())
                .setWidthPx(cell.box().widthPx())
                .setHeightPx(cell.box().heightPx())
                .setAreaMicrometres2(cell.areaMicrometres2())
                .setLabel(cell.blast() ? "BLAST" : "NOT_BLAST")
                .setBlastProbability(cell.blastProbability())
                .setCellType(cell.type())
                .setGate(name(cell.gate()))
                .setDoubtful(cell.doubtful())
                .build();
    }

    private static @Nullable String name(@Nullable Gate gate) {
        return gate == null ? null : gate.name();
    }

    private static String cellId(String imageId, Outcome.CalledCell cell) {
        return Identity.cellId(
                imageId,
                cell.box().xPx(),
                cell.box().yPx(),
                cell.box().widthPx(),
                cell.box().heightPx());
    }

    private static ImageQuality quality(io.leukostream.inference.domain.ImageQuality quality) {
        return ImageQuality.newBuilder()
                .setWidthPx(quality.widthPx())
                .setHeightPx(quality.heightPx())
                .setPixelSizeMicrometres(quality.pixelSize().micrometres())
                .setPixelSizeSource(quality.pixelSize().origin().name())
                .setFocus(quality.focus())
                .setBrightness(quality.brightness())
                .setClippedShare(quality.clippedShare())
                .build();
    }

    private ModelReference reference(Validated of) {
        Optional<Validation> validation = model.validationFor(of.kind(), of.specimenType());
        return ModelReference.newBuilder()
                .setName(model.name())
                .setVersion(model.version().toString())
                .setBundleSha256(model.bundleSha256())
                .setOperatingThreshold(model.ruleFor(of.kind()).operatingThreshold())
                .setOperatingCharacteristics(
                        validation.map(OutcomeRecords::characteristics).orElse(null))
                .build();
    }

    private static OperatingCharacteristics characteristics(Validation validation) {
        return OperatingCharacteristics.newBuilder()
                .setSensitivity(calls(validation.sensitivity()))
                .setSpecificity(calls(validation.specificity()))
                .setDesignEffect(validation.designEffect())
                .build();
    }

    private static List<SubjectCalls> calls(List<Validation.SubjectCalls> subjects) {
        return subjects.stream()
                .map(subject -> new SubjectCalls(subject.correct(), subject.total()))
                .toList();
    }

    private static Coordinates coordinates(Source source) {
        return new Coordinates(source.topic(), source.partition(), source.offset());
    }
}
