package io.leukostream.standalone.requeue;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.SmearImage;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import io.leukostream.standalone.requeue.ImageFates.Candidate;
import io.leukostream.standalone.topics.TopicWalk;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes new attempts of images out of their records in the log. As ingest does, it writes the image, waits for all in-sync
 * replicas, and then its receipt; what lies between the two when this process dies is an attempt without a receipt, which
 * counts by its outcome. One thread at a time.
 */
public final class NewAttempts implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int TIMEOUT_MILLIS = Math.toIntExact(LIMIT.toMillis());

    private final String bootstrapServers;
    private final String registryUrl;
    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final AvroKafkaDeserializer<Object> reader = new AvroKafkaDeserializer<>();
    private final AvroKafkaSerializer<SpecificRecord> writer = new AvroKafkaSerializer<>();

    /** What became of a candidate. */
    public sealed interface Outcome {
        /** It was sent again. */
        record Sent(int attempt, Coordinates at) implements Outcome {}

        /**
         * It cannot be.
         *
         * @param because why, for a person
         */
        record Refused(String because) implements Outcome {}
    }

    /**
     * Connects when there is something to read or write.
     *
     * @param registryUrl the registry's core API
     * @param limit from which the largest record is derived
     */
    public NewAttempts(String bootstrapServers, String registryUrl, ImageLimit limit) {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        reader.configure(WireFormat.settings(registryUrl), false);
        writer.configure(WireFormat.settings(registryUrl), false);
        Map<String, Object> reading = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "none",
                "max.poll.records",
                1,
                "fetch.max.bytes",
                limit.maxRecordBytes(),
                "max.partition.fetch.bytes",
                limit.maxRecordBytes());
        consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("client.id", "leukostream-requeue");
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("delivery.timeout.ms", TIMEOUT_MILLIS);
        settings.put("request.timeout.ms", TIMEOUT_MILLIS / 2);
        settings.put("max.block.ms", TIMEOUT_MILLIS);
        settings.put("linger.ms", 0);
        settings.put("max.request.size", limit.maxRecordBytes());
        settings.put("buffer.memory", limit.producerBufferBytes());
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** Walks over receipts and outcomes, to their present end. */
    public ImageFates fates() {
        ImageFates fates = new ImageFates();
        // The walk's consumer closes what it reads with.
        AvroKafkaDeserializer<Object> ofTheWalk = new AvroKafkaDeserializer<>();
        ofTheWalk.configure(WireFormat.settings(registryUrl), false);
        new TopicWalk(bootstrapServers)
                .over(
                        List.of(Topic.IMAGE_RECEIPTS, Topic.CELL_CLASSIFICATIONS, Topic.IMAGE_REJECTIONS),
                        ofTheWalk,
                        record -> enter(fates, record.value()));
        return fates;
    }

    private static void enter(ImageFates fates, Object value) {
        switch (value) {
            case ImageReceipt receipt -> fates.receipt(receipt.getImageId(), receipt.getAttempt(), receipt.getImage());
            case ImageClassified outcome ->
                fates.classified(outcome.getImageId(), outcome.getAttempt(), outcome.getSource());
            case ImageRejected outcome ->
                fates.rejected(outcome.getImageId(), outcome.getAttempt(), outcome.getSource(), outcome.getReason());
            default -> throw new IllegalStateException("a record of no known type: " + value.getClass());
        }
    }

    /**
     * Sends an image again, or says why it cannot be.
     *
     * @throws IllegalStateException if the broker does not answer; the attempt may lie in the log all the same
     */
    public Outcome send(Candidate candidate) throws InterruptedException {
        return switch (read(candidate)) {
            case Found.Not(String because) -> new Outcome.Refused(because);
            case Found.Image(SmearImage image) -> publish(candidate, image);
        };
    }

    /** Why an image cannot be sent again, without sending it; empty where it can. */
    public String obstacle(Candidate candidate) {
        return switch (read(candidate)) {
            case Found.Not(String because) -> because;
            case Found.Image _ -> "";
        };
    }

    private Outcome publish(Candidate candidate, SmearImage last) throws InterruptedException {
        SmearImage image =
                SmearImage.newBuilder(last).setAttempt(candidate.attempt()).build();
        RecordMetadata at = write(candidate.last().getTopic(), image.getImageId(), image);
        Coordinates place = new Coordinates(at.topic(), at.partition(), at.offset());
        write(
                Topic.IMAGE_RECEIPTS.topicName(),
                image.getSpecimenId(),
                ImageReceipt.newBuilder()
                        .setImageId(image.getImageId())
                        .setSpecimenId(image.getSpecimenId())
                        .setAttempt(image.getAttempt())
                        .setImage(place)
                        .setSizeBytes(image.getImage().remaining())
                        .setPriority(image.getPriority())
                        .setScanner(image.getScanner())
                        .setReceivedAt(image.getReceivedAt())
                        .build());
        return new Outcome.Sent(image.getAttempt(), place);
    }

    private RecordMetadata write(String topic, String key, SpecificRecord value) throws InterruptedException {
        try {
            return producer.send(new ProducerRecord<>(topic, key, writer.serialize(topic, value)))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the broker at " + bootstrapServers + " did not take a record of " + topic, e.getCause());
        }
    }

    private sealed interface Found {
        record Image(SmearImage image) implements Found {}

        record Not(String because) implements Found {}
    }

    private Found read(Candidate candidate) {
        Coordinates at = candidate.last();
        String where = at.getTopic() + ", partition " + at.getPartition() + ", offset " + at.getOffset();
        if (!at.getTopic().equals(Topic.SMEAR_IMAGES.topicName())
                && !at.getTopic().equals(Topic.SMEAR_IMAGES_STAT.topicName())) {
            return new Found.Not("its last attempt lies in no topic of images: " + where);
        }
        TopicPartition partition = new TopicPartition(at.getTopic(), at.getPartition());
        List<TopicPartition> only = List.of(partition);
        long first = consumer.beginningOffsets(only).getOrDefault(partition, 0L);
        long end = consumer.endOffsets(only).getOrDefault(partition, 0L);
        if (at.getOffset() < first) {
            return new Found.Not("its bytes are past the retention of the log (" + where + ", which begins at " + first
                    + "): scan or export it again");
        }
        if (at.getOffset() >= end) {
            return new Found.Not("the log ends before it: " + where + ", which ends at " + end);
        }
        consumer.assign(only);
        consumer.seek(partition, at.getOffset());
        long until = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < until) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                return record.offset() == at.getOffset()
                        ? image(candidate, record, where)
                        : new Found.Not("its bytes are gone from the log: " + where + "; scan or export it again");
            }
        }
        throw new IllegalStateException("the broker at " + bootstrapServers + " does not give " + where);
    }

    private Found image(Candidate candidate, ConsumerRecord<String, byte[]> record, String where) {
        Object value;
        try {
            value = reader.deserialize(record.topic(), record.value());
        } catch (RuntimeException e) {
            return new Found.Not("its record cannot be read (" + where + "): " + e.getMessage());
        }
        if (!(value instanceof SmearImage image)) {
            return new Found.Not("its record is no image: " + where);
        }
        return image.getImageId().equals(candidate.imageId())
                ? new Found.Image(image)
                : new Found.Not("another image lies there, " + image.getImageId() + ": " + where);
    }

    @Override
    public void close() {
        producer.close(LIMIT);
        consumer.close();
        writer.close();
        reader.close();
    }
}
