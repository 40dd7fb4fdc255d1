package io.leukostream.results.worklist;

import io.leukostream.events.AlertEvent;
import io.leukostream.events.PatientVerdict;
import io.leukostream.results.topology.LogReader;
import io.leukostream.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * Tells the worklist all verdicts and alerts from the first to the newest, and then those that come; committed records
 * only, in no group.
 */
public final class WorklistFeed implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WorklistFeed.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MOST_RECORDS = 5_000;
    private static final List<Topic> TOPICS = List.of(Topic.PATIENT_VERDICTS, Topic.HEMATOLOGY_ALERTS);

    private final String bootstrapServers;
    private final Deserializer<SpecificRecord> values;
    private final Worklist worklist;
    private final Thread thread;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<String, SpecificRecord> following;

    /** Tells this worklist what it reads. */
    public WorklistFeed(String bootstrapServers, Deserializer<SpecificRecord> values, Worklist worklist) {
        this.bootstrapServers = bootstrapServers;
        this.values = values;
        this.worklist = worklist;
        this.thread = Thread.ofPlatform().daemon().name("worklist-feed").unstarted(this::run);
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
                LOG.debug("The worklist was told to stop");
                continue;
            } catch (KafkaException e) {
                LOG.warnf("The worklist lost the broker and connects again: %s", e.getMessage());
            } catch (RuntimeException e) {
                // A list that stands still would say nothing of it; it goes on after the record that it stumbled over.
                LOG.error("The worklist stumbled and goes on", e);
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
                    .containsAll(TOPICS.stream().map(Topic::topicName).toList())) {
                return;
            }
            List<TopicPartition> partitions = TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                Long place = next.get(partition);
                if (place == null) {
                    consumer.seekToBeginning(List.of(partition));
                } else {
                    consumer.seek(partition, place);
                }
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!closed) {
                try {
                    consumer.poll(POLL).forEach(this::tell);
                } catch (RecordDeserializationException e) {
                    LOG.warnf(
                            "The worklist skips a record that it cannot read, partition %s, offset %d",
                            e.topicPartition(), e.offset());
                    consumer.seek(e.topicPartition(), e.offset() + 1);
                }
                if (!worklist.complete() && reached(consumer, ends)) {
                    worklist.completed();
                    LOG.info("The worklist has been read in");
                }
            }
        }
    }

    private static boolean reached(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void tell(ConsumerRecord<String, SpecificRecord> record) {
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        try {
            switch (record.value()) {
                case PatientVerdict verdict -> worklist.told(verdict);
                case AlertEvent step -> worklist.told(step);
                case null -> LOG.debugf("The worklist passes over an empty record of %s", record.topic());
                default ->
                    LOG.warnf(
                            "The worklist knows no record %s",
                            record.value().getSchema().getName());
            }
        } catch (IllegalArgumentException e) {
            LOG.warnf(
                    "The worklist skips a record that this version does not know, topic %s, partition %d, offset %d: %s",
                    record.topic(), record.partition(), record.offset(), e.getMessage());
        }
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
