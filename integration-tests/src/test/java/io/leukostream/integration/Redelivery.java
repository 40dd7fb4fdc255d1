package io.leukostream.integration;

import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Images and receipts that lie in the log, published once more, byte for byte, in an order that is drawn. */
final class Redelivery {
    private static final Duration READING = Duration.ofSeconds(5);
    private static final int MOST = 200;
    private static final int TIMEOUT_MILLIS = 20_000;

    /** Held here, or it would be forgotten with its level: a client of a broker that is killed says much. */
    private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");

    private final String bootstrapServers;

    Redelivery(String bootstrapServers) {
        KAFKA.setLevel(Level.SEVERE);
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Publishes up to two hundred of each topic again.
     *
     * @return how many the broker took; fewer than were sent where it is killed meanwhile
     */
    int repeat(Random random) throws InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Topic topic : List.of(Topic.SMEAR_IMAGES, Topic.IMAGE_RECEIPTS)) {
            records.addAll(read(topic, random));
        }
        Collections.shuffle(records, random);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "max.request.size", ImageLimit.DEFAULT.maxRecordBytes(),
                "request.timeout.ms", TIMEOUT_MILLIS / 2,
                "max.block.ms", TIMEOUT_MILLIS,
                "delivery.timeout.ms", TIMEOUT_MILLIS);
        int taken = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(
                        new ProducerRecord<>(record.topic(), null, record.key(), record.value(), record.headers())));
            }
            for (Future<RecordMetadata> each : sent) {
                taken += isTaken(each) ? 1 : 0;
            }
        } catch (KafkaException e) {
            return taken;
        }
        return taken;
    }

    private static boolean isTaken(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            return sent.get().hasOffset();
        } catch (ExecutionException e) {
            // The broker was away for longer than this waits: the record is not there, or twice.
            return false;
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(Topic topic, Random random) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "default.api.timeout.ms",
                TIMEOUT_MILLIS);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<TopicPartition> partitions = new ArrayList<>();
        for (int k = 0; k < topic.partitions(); k++) {
            partitions.add(new TopicPartition(topic.topicName(), k));
        }
        Collections.shuffle(partitions, random);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions.subList(0, topic.partitions() / 2));
            long end = System.nanoTime() + READING.toNanos();
            while (records.size() < MOST && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        } catch (KafkaException e) {
            // What was read before the broker went away is enough.
            return records;
        }
        return records.subList(0, Math.min(MOST, records.size()));
    }
}
