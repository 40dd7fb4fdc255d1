package io.leukostream.results.topology;

import io.leukostream.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows topics beside the topology on a thread of its own: committed records only and in no group, so that every instance
 * sees all of them. It waits for topics that are not there yet, connects again where the broker is lost and goes on where
 * it stopped, and passes over what cannot be read.
 */
public final class LogFollower implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LogFollower.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MOST_RECORDS = 5_000;

    /** Where it begins. */
    public enum From {
        BEGINNING,
        END
    }

    private final String name;
    private final String bootstrapServers;
    private final List<Topic> topics;
    private final From from;
    private final Deserializer<SpecificRecord> values;
    private final Consumer<ConsumerRecord<String, SpecificRecord>> told;
    private final Runnable caughtUp;
    private final Thread thread;
    private final Map<TopicPartition, Long> places = new HashMap<>();
    private boolean isCaughtUp;
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<String, SpecificRecord> following;

    /**
     * Ready to {@link #start}.
     *
     * @param name of its thread, and in the log
     * @param told is told each record, by one thread
     * @param caughtUp is told once, when all that was there at the start has been told
     */
    public LogFollower(
            String name,
            String bootstrapServers,
            List<Topic> topics,
            From from,
            Deserializer<SpecificRecord> values,
            Consumer<ConsumerRecord<String, SpecificRecord>> told,
            Runnable caughtUp) {
        this.name = name;
        this.bootstrapServers = bootstrapServers;
        this.topics = List.copyOf(topics);
        this.from = from;
        this.values = values;
        this.told = told;
        this.caughtUp = caughtUp;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /** Begins; returns at once. */
    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                follow();
            } catch (WakeupException e) {
                LOG.debugf("%s was told to stop", name);
                continue;
            } catch (KafkaException e) {
                LOG.warnf("%s lost the broker and connects again: %s", name, e.getMessage());
            } catch (RuntimeException e) {
                // One that stands still would say nothing of it; it goes on after the record that it stumbled over.
                LOG.errorf(e, "%s stumbled and goes on", name);
            }
            try {
                Thread.sleep(BETWEEN_TRIES);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Follows until the broker is lost; comes back at once where the topics are not there yet. */
    private void follow() {
        Map<String, Object> settings = LogReader.settings(bootstrapServers, "earliest");
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
        try (KafkaConsumer<String, SpecificRecord> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), values)) {
            following = consumer;
            if (!consumer.listTopics()
                    .keySet()
                    .containsAll(topics.stream().map(Topic::topicName).toList())) {
                return;
            }
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> begins = from == From.END ? ends : consumer.beginningOffsets(partitions);
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                consumer.seek(partition, places.computeIfAbsent(partition, begins::get));
            }
            while (!closed) {
                try {
                    consumer.poll(POLL).forEach(this::tell);
                } catch (RecordDeserializationException e) {
                    if (Infrastructure.failed(e.getCause())) {
                        throw e;
                    }
                    LOG.warnf(
                            "%s skips a record that it cannot read, partition %s, offset %d",
                            name, e.topicPartition(), e.offset());
                    consumer.seek(e.topicPartition(), e.offset() + 1);
                }
                if (!isCaughtUp && reached(consumer, ends)) {
                    isCaughtUp = true;
                    caughtUp.run();
                }
            }
        }
    }

    private static boolean reached(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void tell(ConsumerRecord<String, SpecificRecord> record) {
        places.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        told.accept(record);
    }

    @Override
    public void close() {
        closed = true;
        KafkaConsumer<String, SpecificRecord> consumer = following;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(BETWEEN_TRIES.multipliedBy(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
