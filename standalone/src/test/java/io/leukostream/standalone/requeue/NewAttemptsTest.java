package io.leukostream.standalone.requeue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.SmearImage;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import io.leukostream.standalone.requeue.ImageFates.Candidate;
import io.leukostream.standalone.requeue.NewAttempts.Outcome;
import io.leukostream.standalone.topics.TopicWalk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New attempts on a real broker and registry. */
class NewAttemptsTest {
    private static final String SPECIMEN = "S-AAAAAAAA";
    private static final Instant RECEIVED = Instant.parse("2026-11-20T08:00:00Z");

    @TempDir
    Path folder;

    @Test
    void aNewAttemptIsTheSameImageAndOnePastItsRetentionIsRefused() throws Exception {
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder);
                NewAttempts attempts =
                        new NewAttempts(platform.bootstrapServers(), platform.registryUrl(), ImageLimit.DEFAULT)) {
            // Given: a large image, and one of the other lane whose bytes the log no longer holds
            SmearImage large = image("ROUTINE", new byte[8 << 20]);
            SmearImage gone = image("STAT", new byte[] {7});
            Coordinates first;
            try (KafkaProducer<String, Object> producer = producer(platform)) {
                first = acceptAndReject(producer, large);
                forget(platform, acceptAndReject(producer, gone));
            }
            Map<String, Candidate> candidates =
                    attempts.fates().select(new Wanted(SPECIMEN, Set.of(), false, Set.of())).candidates().stream()
                            .collect(Collectors.toMap(Candidate::imageId, candidate -> candidate));

            // When
            Outcome again = attempts.send(candidate(candidates, large));
            Outcome never = attempts.send(candidate(candidates, gone));

            // Then
            Outcome.Sent sent = assertInstanceOf(Outcome.Sent.class, again);
            assertEquals(2, sent.attempt());
            List<ConsumerRecord<String, Object>> images = records(platform, Topic.SMEAR_IMAGES);
            assertEquals(2, images.size());
            ConsumerRecord<String, Object> record = images.stream()
                    .filter(each -> each.offset() == sent.at().getOffset())
                    .findFirst()
                    .orElseThrow();
            assertEquals(large.getImageId(), record.key());
            assertEquals(first.getPartition(), record.partition());
            assertEquals(SmearImage.newBuilder(large).setAttempt(2).build(), record.value());
            List<ImageReceipt> receipts = records(platform, Topic.IMAGE_RECEIPTS).stream()
                    .map(each -> (ImageReceipt) each.value())
                    .filter(receipt -> receipt.getAttempt() == 2)
                    .toList();
            assertEquals(
                    List.of(ImageReceipt.newBuilder()
                            .setImageId(large.getImageId())
                            .setSpecimenId(SPECIMEN)
                            .setAttempt(2)
                            .setImage(sent.at())
                            .setSizeBytes(8 << 20)
                            .setPriority("ROUTINE")
                            .setScanner("s1")
                            .setReceivedAt(RECEIVED)
                            .build()),
                    receipts);
            String because = assertInstanceOf(Outcome.Refused.class, never).because();
            assertTrue(because.contains("past the retention"), because);
            assertEquals(0, records(platform, Topic.SMEAR_IMAGES_STAT).size());
        }
    }

    private static Candidate candidate(Map<String, Candidate> candidates, SmearImage image) {
        return Objects.requireNonNull(candidates.get(image.getImageId()), candidates.toString());
    }

    private static Coordinates acceptAndReject(KafkaProducer<String, Object> producer, SmearImage image)
            throws Exception {
        Topic lane = image.getPriority().equals("STAT") ? Topic.SMEAR_IMAGES_STAT : Topic.SMEAR_IMAGES;
        RecordMetadata at = send(producer, lane, image.getImageId(), image);
        Coordinates place = new Coordinates(at.topic(), at.partition(), at.offset());
        send(
                producer,
                Topic.IMAGE_RECEIPTS,
                SPECIMEN,
                ImageReceipt.newBuilder()
                        .setImageId(image.getImageId())
                        .setSpecimenId(SPECIMEN)
                        .setImage(place)
                        .setSizeBytes(image.getImage().remaining())
                        .setPriority(image.getPriority())
                        .setScanner("s1")
                        .setReceivedAt(RECEIVED)
                        .build());
        send(
                producer,
                Topic.IMAGE_REJECTIONS,
                SPECIMEN,
                ImageRejected.newBuilder()
                        .setImageId(image.getImageId())
                        .setSpecimenId(SPECIMEN)
                        .setReason("PROCESSING_FAILED")
                        .setDetail("for a test")
                        .setModelVersion("1.0.0")
                        .setBundleSha256("")
                        .setSource(place)
                        .setRejectedAt(RECEIVED)
                        .build());
        return place;
    }

    /** What retention does, at once. */
    private static void forget(EmbeddedPlatform platform, Coordinates at) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()))) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(at.getTopic(), at.getPartition()),
                            RecordsToDelete.beforeOffset(at.getOffset() + 1)))
                    .all()
                    .get();
        }
    }

    private static List<ConsumerRecord<String, Object>> records(EmbeddedPlatform platform, Topic topic) {
        AvroKafkaDeserializer<Object> avro = new AvroKafkaDeserializer<>();
        avro.configure(WireFormat.settings(platform.registryUrl()), false);
        List<ConsumerRecord<String, Object>> records = new ArrayList<>();
        new TopicWalk(platform.bootstrapServers()).over(List.of(topic), avro, records::add);
        return records;
    }

    private static KafkaProducer<String, Object> producer(EmbeddedPlatform platform) {
        AvroKafkaSerializer<Object> values = new AvroKafkaSerializer<>();
        values.configure(WireFormat.settings(platform.registryUrl()), false);
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", platform.bootstrapServers(),
                        "max.request.size", ImageLimit.DEFAULT.maxRecordBytes()),
                new StringSerializer(),
                values);
    }

    private static RecordMetadata send(KafkaProducer<String, Object> producer, Topic topic, String key, Object value)
            throws Exception {
        return producer.send(new ProducerRecord<>(topic.topicName(), key, value))
                .get();
    }

    private static SmearImage image(String priority, byte[] bytes) {
        ByteBuffer picture = ByteBuffer.wrap(bytes);
        return SmearImage.newBuilder()
                .setImageId(Identity.imageId(SPECIMEN, picture))
                .setSpecimenId(SPECIMEN)
                .setSpecimenType("BONE_MARROW")
                .setKind("FIELD")
                .setMediaType("image/png")
                .setWidthPx(1)
                .setHeightPx(1)
                .setContentSha256("")
                .setPriority(priority)
                .setScanner("s1")
                .setStain("MGG")
                .setCapturedOn("2026-11-19")
                .setReceivedAt(RECEIVED)
                .setImage(picture)
                .build();
    }
}
