package io.leukostream.results;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.events.CellCrop;
import io.leukostream.events.CellReview;
import io.leukostream.events.ClassifiedCell;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageEvidence;
import io.leukostream.events.ImageQuality;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.ModelReference;
import io.leukostream.events.OperatingCharacteristics;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.events.SubjectCalls;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Makes the records that scanners, ingest and inference would write about one specimen of single cells. */
public record Ward(String patientId, String specimenId, String specimenType) {
    /** Noon of a day. */
    public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    /** A record on its way to a topic. */
    public record Sent(Topic topic, String key, SpecificRecord value) {}

    public Sent registration() {
        return new Sent(
                Topic.SPECIMENS,
                specimenId,
                SpecimenRegistered.newBuilder()
                        .setSpecimenId(specimenId)
                        .setPatientId(patientId)
                        .setSpecimenType(specimenType)
                        .setKind("CELL")
                        .setVersion(1)
                        .setRegisteredAt(NOON)
                        .build());
    }

    /** The specimen is assigned to another patient by a merge, or back by taking one back. */
    public Sent assigned(String toPatientId, int version, String by, String... formerPatientIds) {
        return new Sent(
                Topic.SPECIMENS,
                specimenId,
                SpecimenRegistered.newBuilder(
                                (SpecimenRegistered) registration().value())
                        .setPatientId(toPatientId)
                        .setVersion(version)
                        .setAssignedBy(by)
                        .setFormerPatientIds(List.of(formerPatientIds))
                        .build());
    }

    /** The id of the picture of this number. */
    public String imageId(int number) {
        return Identity.imageId(specimenId, ByteBuffer.wrap(picture(number)));
    }

    /** The only cell of that picture. */
    public String cellId(int number) {
        return Identity.cellId(imageId(number), 1, 2, 30, 40);
    }

    /** The same picture has the same bytes in every ward. */
    public static byte[] picture(int number) {
        return ("picture " + number).getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Coordinates source(int number) {
        return new Coordinates(Topic.SMEAR_IMAGES.topicName(), 0, (long) number);
    }

    public Sent receipt(int number) {
        return new Sent(
                Topic.IMAGE_RECEIPTS,
                specimenId,
                ImageReceipt.newBuilder()
                        .setImageId(imageId(number))
                        .setSpecimenId(specimenId)
                        .setImage(source(number))
                        .setSizeBytes(picture(number).length)
                        .setReceivedAt(NOON)
                        .build());
    }

    public Sent classified(int number, boolean blast) {
        return classified(number, blast, "1.0.0", evidence(number));
    }

    private static Coordinates evidence(int number) {
        return new Coordinates(Topic.IMAGE_EVIDENCE.topicName(), 0, (long) number);
    }

    public Sent classified(int number, boolean blast, String version, Coordinates evidence) {
        return outcome(number, blast, version, evidence, 1, null, NOON, null, null, 90.0);
    }

    private Sent outcome(
            int number,
            boolean blast,
            String version,
            Coordinates evidence,
            int attempt,
            @Nullable String scanner,
            Instant receivedAt,
            @Nullable String type,
            @Nullable String gate,
            double brightness) {
        return new Sent(
                Topic.CELL_CLASSIFICATIONS,
                specimenId,
                ImageClassified.newBuilder()
                        .setImageId(imageId(number))
                        .setSpecimenId(specimenId)
                        .setContentSha256(sha256(picture(number)))
                        .setModel(model(version))
                        .setQuality(new ImageQuality(450, 450, 0.1, "NOMINAL", 200.0, brightness, 0.0))
                        .setCells(List.of(ClassifiedCell.newBuilder()
                                .setCellId(cellId(number))
                                .setXPx(1)
                                .setYPx(2)
                                .setWidthPx(30)
                                .setHeightPx(40)
                                .setAreaMicrometres2(80)
                                .setLabel(blast ? "BLAST" : "NOT_BLAST")
                                .setBlastProbability(blast ? 0.9 : 0.1)
                                .setCellType(type)
                                .setGate(gate)
                                .build()))
                        .setSource(source(number))
                        .setEvidence(evidence)
                        .setAttempt(attempt)
                        .setScanner(scanner)
                        .setReceivedAt(receivedAt)
                        .setClassifiedAt(NOON)
                        .build());
    }

    /** The outcome of a picture by this scanner, received then, whose only cell has this type and gate. */
    public Sent classified(
            int number,
            int attempt,
            @Nullable String scanner,
            Instant receivedAt,
            @Nullable String type,
            @Nullable String gate) {
        return outcome(number, true, "1.0.0", evidence(number), attempt, scanner, receivedAt, type, gate, 90.0);
    }

    /** The outcome of a picture of this brightness. */
    public Sent classified(int number, String scanner, Instant receivedAt, double brightness) {
        return outcome(number, true, "1.0.0", evidence(number), 1, scanner, receivedAt, null, null, brightness);
    }

    /** A model that did nearly the same on each of thirty subjects: sensitivity 0.93, specificity 0.95. */
    private static ModelReference model(String version) {
        List<SubjectCalls> blasts = new ArrayList<>();
        List<SubjectCalls> normal = new ArrayList<>();
        for (int subject = 0; subject < 30; subject++) {
            blasts.add(new SubjectCalls(465 + 5 * (subject % 3 - 1), 500));
            normal.add(new SubjectCalls(475 + 5 * (subject % 3 - 1), 500));
        }
        return ModelReference.newBuilder()
                .setName("test")
                .setVersion(version)
                .setBundleSha256(sha256(version.getBytes(StandardCharsets.UTF_8)))
                .setOperatingThreshold(0.5)
                .setOperatingCharacteristics(new OperatingCharacteristics(blasts, normal, 1.2))
                .build();
    }

    public Sent rejected(int number, String reason) {
        return new Sent(
                Topic.IMAGE_REJECTIONS,
                specimenId,
                ImageRejected.newBuilder()
                        .setImageId(imageId(number))
                        .setSpecimenId(specimenId)
                        .setReason(reason)
                        .setDetail("The picture ends early.")
                        .setContentSha256(sha256(picture(number)))
                        .setModelVersion("1.0.0")
                        .setBundleSha256(sha256("1.0.0".getBytes(StandardCharsets.UTF_8)))
                        .setSource(source(number))
                        .setRejectedAt(NOON)
                        .build());
    }

    /** Pictures of cells, the first of them of blasts, each with its receipt. */
    public List<Sent> images(int cells, int blasts) {
        List<Sent> records = new ArrayList<>();
        for (int number = 0; number < cells; number++) {
            records.add(receipt(number));
            records.add(classified(number, number < blasts));
        }
        return records;
    }

    public Sent frame(String eventId, int cells, String frameId) {
        List<String> ids = new ArrayList<>();
        for (int number = 0; number < cells; number++) {
            ids.add(cellId(number));
        }
        ids.sort(null);
        return new Sent(
                Topic.CELL_REVIEWS,
                specimenId,
                CellReview.newBuilder()
                        .setEventId(eventId)
                        .setSpecimenId(specimenId)
                        .setEvent("FRAME_OPENED")
                        .setFrameId(frameId)
                        .setFrameCellIds(ids)
                        .setDrawKey("00")
                        .setReviewer("ada")
                        .setAt(NOON)
                        .build());
    }

    public Sent label(String eventId, @Nullable String frameId, String cellId, String label) {
        return new Sent(
                Topic.CELL_REVIEWS,
                specimenId,
                CellReview.newBuilder()
                        .setEventId(eventId)
                        .setSpecimenId(specimenId)
                        .setEvent("CELL_LABELLED")
                        .setFrameId(frameId)
                        .setCellId(cellId)
                        .setNewLabel(label)
                        .setReviewer("ada")
                        .setAt(NOON.plusSeconds(1))
                        .build());
    }

    public Sent acknowledgement(int number, String by) {
        return new Sent(
                Topic.ALERT_ACKNOWLEDGEMENTS,
                patientId,
                AlertAcknowledgement.newBuilder()
                        .setAlertId(patientId + "." + number)
                        .setPatientId(patientId)
                        .setAcknowledgedBy(by)
                        .setReadBackPatientId(patientId)
                        .setReadBackState("BLASTS_SUSPECTED")
                        .setAt(NOON.plusSeconds(60))
                        .build());
    }

    /** The same acknowledgement, made at another time. */
    public Sent acknowledgement(int number, String by, Instant at) {
        AlertAcknowledgement record =
                (AlertAcknowledgement) acknowledgement(number, by).value();
        return new Sent(
                Topic.ALERT_ACKNOWLEDGEMENTS,
                patientId,
                AlertAcknowledgement.newBuilder(record).setAt(at).build());
    }

    /** An alert is closed. */
    public Sent closure(int number, String by, String note, Instant at) {
        AlertAcknowledgement record =
                (AlertAcknowledgement) acknowledgement(number, by, at).value();
        return new Sent(
                Topic.ALERT_ACKNOWLEDGEMENTS,
                patientId,
                AlertAcknowledgement.newBuilder(record)
                        .setAction("CLOSE")
                        .setNote(note)
                        .build());
    }

    public Sent evidence(int number, byte[] jpeg) {
        return new Sent(
                Topic.IMAGE_EVIDENCE,
                specimenId,
                ImageEvidence.newBuilder()
                        .setImageId(imageId(number))
                        .setSpecimenId(specimenId)
                        .setBundleSha256("00")
                        .setCrops(List.of(new CellCrop(cellId(number), ByteBuffer.wrap(jpeg))))
                        .build());
    }
}
