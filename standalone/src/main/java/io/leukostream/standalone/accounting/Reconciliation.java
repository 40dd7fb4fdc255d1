package io.leukostream.standalone.accounting;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.PatientVerdict;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.events.SpecimenVerdict;
import io.leukostream.schemas.InferenceGroup;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import io.leukostream.standalone.accounting.ImageLog.Origin;
import io.leukostream.standalone.accounting.ImageLog.Place;
import io.leukostream.standalone.accounting.ImageLog.Tally;
import io.leukostream.standalone.topics.TopicWalk;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topics from their beginning to their present end and draws the balance. */
public final class Reconciliation {
    private static final List<String> INFERENCE_GROUPS = Arrays.stream(InferenceGroup.Lane.values())
            .map(lane -> InferenceGroup.of(InferenceGroup.serving(), lane))
            .toList();

    private final String bootstrapServers;
    private final String registryUrl;

    /** A reconciliation of the system behind these addresses. */
    public Reconciliation(String bootstrapServers, String registryUrl) {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
    }

    /**
     * Draws the balance now; where results has not caught up yet, it is drawn again until it has, or the time is over.
     *
     * @param patience how long to wait for results to catch up
     * @throws IllegalStateException if broker or registry do not answer
     */
    public Balance balance(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Balance balance = draw();
        while (!balance.uncounted().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(Duration.ofMillis(500));
            balance = draw();
        }
        return balance;
    }

    private Balance draw() throws InterruptedException {
        ImageLog log = new ImageLog();
        TopicWalk walk = new TopicWalk(bootstrapServers);
        // Offsets first: what inference commits while the walk goes on has its outcome by then.
        Set<Place> committed = committed();
        AvroKafkaDeserializer<Object> avro = new AvroKafkaDeserializer<>();
        avro.configure(WireFormat.settings(registryUrl), false);
        walk.over(
                List.of(Topic.SMEAR_IMAGES, Topic.SMEAR_IMAGES_STAT),
                new ByteArrayDeserializer(),
                record -> log.image(place(record), record.key(), Instant.ofEpochMilli(record.timestamp())));
        Map<String, PatientVerdict> verdicts = new HashMap<>();
        walk.over(List.of(Topic.PATIENT_VERDICTS), avro, record -> {
            if (record.value() instanceof PatientVerdict verdict) {
                verdicts.put(record.key(), verdict);
            }
        });
        walk.over(
                List.of(Topic.SPECIMENS, Topic.IMAGE_RECEIPTS, Topic.CELL_CLASSIFICATIONS, Topic.IMAGE_REJECTIONS),
                avro,
                record -> enter(log, record.value()));
        for (PatientVerdict verdict : verdicts.values()) {
            for (SpecimenVerdict specimen : verdict.getSpecimens()) {
                var images = specimen.getImages();
                log.tally(
                        specimen.getSpecimenId(),
                        new Tally(
                                images.getReceived(),
                                images.getClassified(),
                                images.getRejected(),
                                images.getPending()));
            }
        }
        return log.balance(committed);
    }

    private static void enter(ImageLog log, Object value) {
        switch (value) {
            case SpecimenRegistered specimen -> log.specimen(specimen.getSpecimenId());
            case ImageReceipt receipt ->
                log.receipt(
                        receipt.getImageId(),
                        place(receipt.getImage()),
                        new Origin(receipt.getScanner(), receipt.getReceivedAt()));
            case ImageClassified outcome ->
                log.classified(
                        outcome.getImageId(),
                        outcome.getAttempt(),
                        place(outcome.getSource()),
                        new Origin(outcome.getScanner(), outcome.getReceivedAt()));
            case ImageRejected outcome ->
                log.rejected(
                        outcome.getImageId(),
                        outcome.getAttempt(),
                        place(outcome.getSource()),
                        outcome.getReason(),
                        new Origin(
                                outcome.getScanner(),
                                outcome.getReceivedAt() == null ? outcome.getRejectedAt() : outcome.getReceivedAt()));
            default -> throw new IllegalStateException("a record of no known type: " + value.getClass());
        }
    }

    private Set<Place> committed() throws InterruptedException {
        Set<Place> places = new HashSet<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            for (String group : INFERENCE_GROUPS) {
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .forEach((partition, offset) -> {
                            if (offset != null) {
                                places.add(new Place(partition.topic(), partition.partition(), offset.offset()));
                            }
                        });
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the broker at " + bootstrapServers + " does not tell inference's offsets", e.getCause());
        }
        return places;
    }

    private static Place place(ConsumerRecord<?, ?> record) {
        return new Place(record.topic(), record.partition(), record.offset());
    }

    private static Place place(Coordinates coordinates) {
        return new Place(coordinates.getTopic(), coordinates.getPartition(), coordinates.getOffset());
    }
}
