package io.leukostream.standalone.topics;

import io.leukostream.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Walks over topics from their beginning to their present end, in no group, so that nobody else sees a trace of it. */
public final class TopicWalk {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALL = Duration.ofSeconds(30);

    private final String bootstrapServers;

    /** A walk at this broker. */
    public TopicWalk(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Shows each record to the visitor, those of a partition in their order.
     *
     * @throws IllegalStateException if the broker stops answering
     */
    public <T> void over(List<Topic> topics, Deserializer<T> values, Consumer<ConsumerRecord<String, T>> visitor) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "isolation.level", "read_committed",
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, T> consumer = new KafkaConsumer<>(settings, new StringDeserializer(), values)) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long stalledAt = System.nanoTime() + STALL.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                var records = consumer.poll(POLL);
                records.forEach(visitor);
                if (!records.isEmpty()) {
                    stalledAt = System.nanoTime() + STALL.toNanos();
                } else if (System.nanoTime() > stalledAt) {
                    throw new IllegalStateException("the broker at " + bootstrapServers + " stopped answering");
                }
            }
        }
    }
}
