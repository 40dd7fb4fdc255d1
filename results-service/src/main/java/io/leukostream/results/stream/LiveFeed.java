package io.leukostream.results.stream;

import io.leukostream.events.AlertDelivery;
import io.leukostream.events.AlertEvent;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.PatientVerdict;
import io.leukostream.results.pipeline.RecentOutcomes;
import io.leukostream.results.stream.LiveEvent.Kind;
import io.leukostream.results.topology.LogReader;
import io.leukostream.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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
 * Follows verdicts, alerts, their deliveries and outcomes from the end of their topics, committed records only and in no group: every
 * instance tells its own clients everything.
 */
public final class LiveFeed implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LiveFeed.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final List<Topic> TOPICS = List.of(
            Topic.PATIENT_VERDICTS,
            Topic.HEMATOLOGY_ALERTS,
            Topic.ALERT_DELIVERIES,
            Topic.CELL_CLASSIFICATIONS,
            Topic.IMAGE_REJECTIONS);

    private final String bootstrapServers;
    private final Deserializer<SpecificRecord> values;
    private final LiveEvents events;
    private final RecentOutcomes outcomes;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<String, SpecificRecord> following;

    /** Tells these what it sees. */
    public LiveFeed(
            String bootstrapServers, Deserializer<SpecificRecord> values, LiveEvents events, RecentOutcomes outcomes) {
        this.bootstrapServers = bootstrapServers;
        this.values = values;
        this.events = events;
        this.outcomes = outcomes;
        this.thread = Thread.ofPlatform().daemon().name("live-feed").unstarted(this::run);
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
                LOG.debug("The live feed was told to stop");
            } catch (KafkaException e) {
                LOG.warnf("The live feed lost the broker and connects again: %s", e.getMessage());
                try {
                    Thread.sleep(BETWEEN_TRIES);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void follow() {
        Map<String, Object> settings = LogReader.settings(bootstrapServers, "latest");
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        try (KafkaConsumer<String, SpecificRecord> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), values)) {
            following = consumer;
            List<TopicPartition> partitions = TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            while (!closed) {
                try {
                    consumer.poll(POLL).forEach(record -> tell(record.value()));
                } catch (RecordDeserializationException e) {
                    LOG.warnf(
                            "The live feed skips a record that it cannot read, partition %s, offset %d",
                            e.topicPartition(), e.offset());
                    consumer.seek(e.topicPartition(), e.offset() + 1);
                }
            }
        }
    }

    private void tell(SpecificRecord record) {
        switch (record) {
            case PatientVerdict verdict -> events.append(Kind.VERDICT, verdict.getPatientId());
            case AlertEvent alert -> events.append(Kind.ALERT, alert.getAlertId());
            case AlertDelivery delivery -> events.append(Kind.DELIVERY, delivery.getAlertId());
            case ImageClassified outcome -> {
                outcomes.saw(outcome);
                events.append(Kind.OUTCOME, outcome.getImageId());
            }
            case ImageRejected outcome -> {
                outcomes.saw(outcome);
                events.append(Kind.OUTCOME, outcome.getImageId());
            }
            default ->
                LOG.warnf("The live feed knows no record %s", record.getSchema().getName());
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
