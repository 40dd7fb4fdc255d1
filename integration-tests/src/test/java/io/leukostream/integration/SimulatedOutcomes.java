package io.leukostream.integration;

import io.leukostream.events.ClassifiedCell;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageQuality;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ModelReference;
import io.leukostream.events.OperatingCharacteristics;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.events.SubjectCalls;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Patients with one FIELD specimen each, as ingest and inference would have written them, without images: registration,
 * receipts and outcomes go straight to their topics. The same number is always the same patient with the same cells; the
 * share of blasts goes through 0, 10 … 90 %.
 */
final class SimulatedOutcomes implements AutoCloseable {
    private static final Instant FIRST_DAY = Instant.parse("2026-11-01T08:00:00Z");
    private static final int CELL_PX = 60;
    private static final int ROW = 20;
    private static final ModelReference MODEL = model();

    private final KafkaProducer<String, SpecificRecord> producer;
    private final int images;
    private final int cellsPerImage;
    private volatile Exception failure;

    SimulatedOutcomes(String bootstrapServers, String registryUrl, int images, int cellsPerImage) {
        Map<String, Object> settings = new HashMap<>(WireFormat.settings(registryUrl));
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        settings.put("value.serializer", "io.apicurio.registry.serde.avro.AvroKafkaSerializer");
        settings.put("acks", "all");
        settings.put("compression.type", "lz4");
        settings.put("linger.ms", 20);
        settings.put("batch.size", 256 << 10);
        this.producer = new KafkaProducer<>(settings);
        this.images = images;
        this.cellsPerImage = cellsPerImage;
    }

    static String patientId(int number) {
        return "P-" + code(number);
    }

    static String specimenId(int number) {
        return "S-" + code(number);
    }

    // Eight characters, spread over the code's space as random ones would be, so that a fragment finds few.
    private static String code(int number) {
        return String.format(Locale.ROOT, "%08X", number * 0x9E3779B1);
    }

    static String imageId(int patient, int image) {
        return Identity.imageId(specimenId(patient), picture(image));
    }

    private static ByteBuffer picture(int image) {
        return ByteBuffer.wrap(("field " + image).getBytes(StandardCharsets.UTF_8));
    }

    /** Publishes one patient; {@link #flush} makes sure of it. */
    void publish(int patient) {
        String specimenId = specimenId(patient);
        Instant receivedAt = FIRST_DAY.plusSeconds(patient * 120L);
        send(
                Topic.SPECIMENS,
                specimenId,
                SpecimenRegistered.newBuilder()
                        .setSpecimenId(specimenId)
                        .setPatientId(patientId(patient))
                        .setSpecimenType("BONE_MARROW")
                        .setKind("FIELD")
                        .setVersion(1)
                        .setRegisteredAt(receivedAt)
                        .build());
        for (int image = 0; image < images; image++) {
            send(
                    Topic.IMAGE_RECEIPTS,
                    specimenId,
                    ImageReceipt.newBuilder()
                            .setImageId(imageId(patient, image))
                            .setSpecimenId(specimenId)
                            .setImage(source(image))
                            .setSizeBytes(1 << 20)
                            .setReceivedAt(receivedAt)
                            .build());
            send(Topic.CELL_CLASSIFICATIONS, specimenId, outcome(patient, image, receivedAt));
        }
    }

    private void send(Topic topic, String key, SpecificRecord value) {
        var _ = producer.send(new ProducerRecord<>(topic.topicName(), key, value), (sent, failed) -> {
            if (failed != null) {
                failure = failed;
            }
        });
    }

    /** Waits until the broker has everything that was published. */
    void flush() {
        producer.flush();
        if (failure != null) {
            throw new IllegalStateException("a record could not be published", failure);
        }
    }

    private static Coordinates source(int image) {
        return new Coordinates(Topic.SMEAR_IMAGES.topicName(), 0, (long) image);
    }

    private ImageClassified outcome(int patient, int image, Instant receivedAt) {
        SplittableRandom random = new SplittableRandom(patient * 1_000L + image);
        double blasts = patient % 10 / 10.0;
        String imageId = imageId(patient, image);
        List<ClassifiedCell> cells = new ArrayList<>(cellsPerImage);
        for (int cell = 0; cell < cellsPerImage; cell++) {
            boolean blast = random.nextDouble() < blasts;
            int x = cell % ROW * CELL_PX + random.nextInt(CELL_PX / 2);
            int y = cell / ROW * CELL_PX;
            cells.add(ClassifiedCell.newBuilder()
                    .setCellId(Identity.cellId(imageId, x, y, CELL_PX / 2, CELL_PX / 2))
                    .setXPx(x)
                    .setYPx(y)
                    .setWidthPx(CELL_PX / 2)
                    .setHeightPx(CELL_PX / 2)
                    .setAreaMicrometres2(70 + random.nextInt(40))
                    .setLabel(blast ? "BLAST" : "NOT_BLAST")
                    .setBlastProbability((blast ? 5_000 : 0) / 1e4 + random.nextInt(5_000) / 1e4)
                    .setCellType(blast ? "LYMPHOBLAST" : "LYMPHOCYTE")
                    .build());
        }
        byte[] content = new byte[32];
        ByteBuffer.wrap(content).putInt(patient).putInt(image);
        return ImageClassified.newBuilder()
                .setImageId(imageId)
                .setSpecimenId(specimenId(patient))
                .setContentSha256(HexFormat.of().formatHex(content))
                .setModel(MODEL)
                .setQuality(new ImageQuality(1920, 1200, 0.1, "STATED", 200.0, 180.0, 0.0))
                .setCells(cells)
                .setSource(source(image))
                .setEvidence(new Coordinates(Topic.IMAGE_EVIDENCE.topicName(), 0, (long) image))
                .setScanner("scanner-" + patient % 4)
                .setReceivedAt(receivedAt)
                .setClassifiedAt(receivedAt.plusSeconds(1))
                .build();
    }

    /** A model that did nearly the same on each of thirty subjects: sensitivity 0.93, specificity 0.95. */
    private static ModelReference model() {
        List<SubjectCalls> blasts = new ArrayList<>();
        List<SubjectCalls> normal = new ArrayList<>();
        for (int subject = 0; subject < 30; subject++) {
            blasts.add(new SubjectCalls(465 + 5 * (subject % 3 - 1), 500));
            normal.add(new SubjectCalls(475 + 5 * (subject % 3 - 1), 500));
        }
        return ModelReference.newBuilder()
                .setName("simulated")
                .setVersion("1.0.0")
                .setBundleSha256("0".repeat(64))
                .setOperatingThreshold(0.5)
                .setOperatingCharacteristics(new OperatingCharacteristics(blasts, normal, 1.2))
                .build();
    }

    @Override
    public void close() {
        producer.close();
    }
}
