package io.leukostream.inference.messaging;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.SmearImage;
import io.leukostream.inference.TestDelivery;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The scanner's and the results' side of the topics. */
public final class Wire implements AutoCloseable {
    private final EmbeddedPlatform platform;
    private final AvroKafkaSerializer<SmearImage> serializer = new AvroKafkaSerializer<>();
    private final KafkaProducer<String, byte[]> producer;
    private final Map<Topic, Followed> topics = new EnumMap<>(Topic.class);

    /** What was read of a topic so far. */
    private record Followed(KafkaConsumer<String, Object> consumer, List<ConsumerRecord<String, Object>> records) {}

    public Wire(EmbeddedPlatform platform) {
        this.platform = platform;
        serializer.configure(WireFormat.settings(platform.registryUrl()), false);
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", platform.bootstrapServers(),
                        "max.request.size", ImageLimit.DEFAULT.maxRecordBytes(),
                        "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer());
        // So that the first image's time is the service's, not this client's.
        for (Topic topic : List.of(Topic.SMEAR_IMAGES, Topic.SMEAR_IMAGES_STAT)) {
            serializer.serialize(
                    topic.topicName(), image("S-0000", "CELL", new byte[0]).build());
            producer.partitionsFor(topic.topicName());
        }
    }

    /** A record of that image as ingest would write it. */
    public static SmearImage.Builder image(String specimenId, String kind, byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        return SmearImage.newBuilder()
                .setImageId(Identity.imageId(specimenId, bytes))
                .setSpecimenId(specimenId)
                .setSpecimenType("BONE_MARROW")
                .setKind(kind)
                .setMediaType("image/webp")
                .setWidthPx(450)
                .setHeightPx(450)
                .setContentSha256(TestDelivery.sha256(file))
                .setReceivedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .setImage(bytes);
    }

    public void send(Topic topic, SmearImage image) {
        sendRaw(topic, image.getImageId(), serializer.serialize(topic.topicName(), image));
    }

    public RecordMetadata sendRaw(Topic topic, String key, byte[] value) {
        try {
            return producer.send(new ProducerRecord<>(topic.topicName(), key, value))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts sending and does not wait. */
    public void sendMany(Topic topic, List<SmearImage> images) {
        for (SmearImage image : images) {
            var _ = producer.send(new ProducerRecord<>(
                    topic.topicName(), image.getImageId(), serializer.serialize(topic.topicName(), image)));
        }
        producer.flush();
    }

    /** Everything committed in the topic. */
    public synchronized <T> List<ConsumerRecord<String, T>> all(Topic topic, Class<T> type) {
        Followed followed = followed(topic);
        List<ConsumerRecord<String, T>> records = new ArrayList<>();
        for (ConsumerRecord<String, Object> found : followed.records()) {
            records.add(new ConsumerRecord<>(
                    found.topic(),
                    found.partition(),
                    found.offset(),
                    found.timestamp(),
                    found.timestampType(),
                    found.serializedKeySize(),
                    found.serializedValueSize(),
                    found.key(),
                    type.cast(found.value()),
                    found.headers(),
                    found.leaderEpoch()));
        }
        return records;
    }

    /** Reads on to the topic's end. A consumer for each look would keep a core busy where a test looks again and again. */
    private Followed followed(Topic topic) {
        Followed followed = topics.computeIfAbsent(topic, this::follow);
        KafkaConsumer<String, Object> consumer = followed.consumer();
        Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
        while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            consumer.poll(Duration.ofMillis(200)).forEach(followed.records()::add);
        }
        return followed;
    }

    private Followed follow(Topic topic) {
        KafkaConsumer<String, Object> consumer = consumer();
        List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new Followed(consumer, new ArrayList<>());
    }

    /** Waits until those images have an outcome, each once for each delivery. */
    public void awaitOutcomes(Set<String> imageIds, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!outcomes().containsAll(imageIds)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no outcome within " + patience + ": "
                        + imageIds.stream()
                                .filter(id -> !outcomes().contains(id))
                                .toList());
            }
            Thread.sleep(100);
        }
    }

    /** The images that have an outcome, as often as they have one. */
    public List<String> outcomes() {
        List<String> ids = new ArrayList<>();
        all(Topic.CELL_CLASSIFICATIONS, ImageClassified.class)
                .forEach(found -> ids.add(found.value().getImageId()));
        all(Topic.IMAGE_REJECTIONS, ImageRejected.class)
                .forEach(found -> ids.add(found.value().getImageId()));
        return ids;
    }

    private KafkaConsumer<String, Object> consumer() {
        Map<String, Object> settings = new HashMap<>(WireFormat.settings(platform.registryUrl()));
        settings.put("bootstrap.servers", platform.bootstrapServers());
        settings.put("isolation.level", "read_committed");
        AvroKafkaDeserializer<Object> deserializer = new AvroKafkaDeserializer<>();
        deserializer.configure(settings, false);
        return new KafkaConsumer<>(settings, new StringDeserializer(), deserializer);
    }

    @Override
    public synchronized void close() {
        topics.values().forEach(followed -> followed.consumer().close());
        producer.close();
        serializer.close();
    }
}
