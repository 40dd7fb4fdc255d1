package io.leukostream.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** The records of the broker that the service under test writes to. */
public final class EventLog {
    private EventLog() {}

    /** All records of all topics, the broker's own aside, decompressed as a consumer gets them. */
    public static List<ConsumerRecord<byte[], byte[]>> all() {
        return records(broker(), null);
    }

    /** All records of one topic. */
    public static List<ConsumerRecord<byte[], byte[]>> of(String topic) {
        return of(broker(), topic);
    }

    /** All records of one topic of another broker. */
    public static List<ConsumerRecord<byte[], byte[]>> of(String broker, String topic) {
        return records(broker, topic);
    }

    private static String broker() {
        return ConfigProvider.getConfig().getValue("leukostream.kafka.bootstrap-servers", String.class);
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String broker, String only) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (List<PartitionInfo> topic : consumer.listTopics().values()) {
                for (PartitionInfo each : topic) {
                    if (only == null || only.equals(each.topic())) {
                        partitions.add(new TopicPartition(each.topic(), each.partition()));
                    }
                }
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
