package io.leukostream.standalone.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.events.CellCounts;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageCounts;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.PatientVerdict;
import io.leukostream.events.SmearImage;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.events.SpecimenVerdict;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The walk over a real broker's topics, of which one outcome is left out on purpose, and then put in. */
class ReconciliationTest {
    private static final String SPECIMEN = "S-AAAAAAAA";
    private static final int IMAGES = 5;

    @TempDir
    Path folder;

    @Test
    void anOutcomeThatWasLeftOutIsFoundByName() throws Exception {
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
            // Given
            Reconciliation reconciliation = new Reconciliation(platform.bootstrapServers(), platform.registryUrl());
            List<String> imageIds = new ArrayList<>();
            List<Coordinates> places = new ArrayList<>();
            try (KafkaProducer<String, Object> producer = producer(platform)) {
                send(producer, "specimens", SPECIMEN, specimen());
                for (int k = 0; k < IMAGES; k++) {
                    SmearImage image = image(k);
                    RecordMetadata at = send(producer, "smear.images", image.getImageId(), image);
                    imageIds.add(image.getImageId());
                    places.add(new Coordinates(at.topic(), at.partition(), at.offset()));
                    send(producer, "image.receipts", SPECIMEN, receipt(image, places.getLast()));
                }
                for (int k = 1; k < IMAGES; k++) {
                    send(producer, "image.rejections", SPECIMEN, rejection(imageIds.get(k), places.get(k)));
                }
                send(producer, "patient.verdicts", "P-AAAAAAAA", verdict(IMAGES - 1));
                commitAll(platform, places);

                // When
                Balance without = reconciliation.balance(Duration.ZERO);
                send(producer, "image.rejections", SPECIMEN, rejection(imageIds.get(0), places.get(0)));
                send(producer, "patient.verdicts", "P-AAAAAAAA", verdict(IMAGES));
                Balance with = reconciliation.balance(Duration.ZERO);

                // Then
                assertEquals(List.of(imageIds.get(0)), without.lost());
                assertEquals(IMAGES - 1, without.rejected());
                assertTrue(with.isSound(), with.toString());
                assertEquals(IMAGES, with.received());
                assertEquals(Map.of("IMAGE_TRUNCATED", IMAGES), with.rejectedByReason());
            }
        }
    }

    private static void commitAll(EmbeddedPlatform platform, List<Coordinates> places) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (Coordinates place : places) {
            next.merge(
                    new TopicPartition(place.getTopic(), place.getPartition()),
                    new OffsetAndMetadata(place.getOffset() + 1),
                    (a, b) -> a.offset() > b.offset() ? a : b);
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            admin.alterConsumerGroupOffsets("inference-routine", next).all().get();
        }
    }

    private static KafkaProducer<String, Object> producer(EmbeddedPlatform platform) {
        AvroKafkaSerializer<Object> values = new AvroKafkaSerializer<>();
        values.configure(WireFormat.settings(platform.registryUrl()), false);
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", platform.bootstrapServers()), new StringSerializer(), values);
    }

    private static RecordMetadata send(KafkaProducer<String, Object> producer, String topic, String key, Object value)
            throws Exception {
        return producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    private static SpecimenRegistered specimen() {
        return SpecimenRegistered.newBuilder()
                .setSpecimenId(SPECIMEN)
                .setPatientId("P-AAAAAAAA")
                .setSpecimenType("BONE_MARROW")
                .setKind("CELL")
                .setVersion(1)
                .setRegisteredAt(Instant.EPOCH)
                .build();
    }

    private static SmearImage image(int number) {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) number});
        return SmearImage.newBuilder()
                .setImageId(Identity.imageId(SPECIMEN, bytes))
                .setSpecimenId(SPECIMEN)
                .setSpecimenType("BONE_MARROW")
                .setKind("CELL")
                .setMediaType("image/png")
                .setWidthPx(1)
                .setHeightPx(1)
                .setContentSha256("")
                .setReceivedAt(Instant.EPOCH)
                .setImage(bytes)
                .build();
    }

    private static ImageReceipt receipt(SmearImage image, Coordinates place) {
        return ImageReceipt.newBuilder()
                .setImageId(image.getImageId())
                .setSpecimenId(SPECIMEN)
                .setImage(place)
                .setSizeBytes(1)
                .setReceivedAt(Instant.EPOCH)
                .build();
    }

    private static ImageRejected rejection(String imageId, Coordinates source) {
        return ImageRejected.newBuilder()
                .setImageId(imageId)
                .setSpecimenId(SPECIMEN)
                .setReason("IMAGE_TRUNCATED")
                .setDetail("one byte is no image")
                .setModelVersion("1.0.0")
                .setBundleSha256("")
                .setSource(source)
                .setRejectedAt(Instant.EPOCH)
                .build();
    }

    private static PatientVerdict verdict(int rejected) {
        SpecimenVerdict specimen = SpecimenVerdict.newBuilder()
                .setSpecimenId(SPECIMEN)
                .setSpecimenType("BONE_MARROW")
                .setKind("CELL")
                .setState("INSUFFICIENT_CELLS")
                .setImages(new ImageCounts(IMAGES, 0, rejected, IMAGES - rejected))
                .setCells(new CellCounts(0, 0, 0, 0))
                .setThreshold(0.25)
                .setReasons(List.of())
                .setEvidenceHash("sha256:")
                .build();
        return PatientVerdict.newBuilder()
                .setPatientId("P-AAAAAAAA")
                .setState("INSUFFICIENT_CELLS")
                .setEvidenceHash("sha256:")
                .setUpdatedAt(Instant.EPOCH)
                .setSpecimens(List.of(specimen))
                .build();
    }
}
