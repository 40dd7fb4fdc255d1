package io.leukostream.results.notification;

import io.leukostream.events.AlertDelivery;
import io.leukostream.results.topology.Infrastructure;
import io.leukostream.results.topology.LogReader;
import io.leukostream.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a channel tried before this courier began, read back from {@code alert.deliveries}. */
final class PastAttempts {
    private static final Logger LOG = Logger.getLogger(PastAttempts.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** How far the clocks of those who write may differ. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final String channel;
    private final String bootstrapServers;
    private final Deserializer<SpecificRecord> values;
    private final Map<String, AlertDelivery> last = new HashMap<>();
    private @Nullable Instant since;

    PastAttempts(String channel, String bootstrapServers, Deserializer<SpecificRecord> values) {
        this.channel = channel;
        this.bootstrapServers = bootstrapServers;
        this.values = values;
    }

    /** What was read before may have been overtaken by another instance's attempts. */
    void forget() {
        last.clear();
        since = null;
    }

    /**
     * The newest attempt of a step; null where none is noted.
     *
     * @param at when the step was taken: no attempt is older
     */
    @Nullable
    AlertDelivery last(String eventId, Instant at) {
        if (since == null || at.isBefore(since)) {
            read(at);
            since = at;
        }
        return last.get(eventId);
    }

    private void read(Instant from) {
        try (KafkaConsumer<String, SpecificRecord> consumer = new KafkaConsumer<>(
                LogReader.settings(bootstrapServers, "earliest"), new StringDeserializer(), values)) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.ALERT_DELIVERIES.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long start = from.minus(SKEW).toEpochMilli();
            Map<TopicPartition, OffsetAndTimestamp> places = consumer.offsetsForTimes(
                    partitions.stream().collect(Collectors.toMap(each -> each, each -> Math.max(0, start))));
            for (TopicPartition partition : partitions) {
                OffsetAndTimestamp place = places.get(partition);
                consumer.seek(partition, place == null ? ends.getOrDefault(partition, 0L) : place.offset());
            }
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                try {
                    consumer.poll(POLL).forEach(record -> take(record.value()));
                } catch (RecordDeserializationException e) {
                    if (Infrastructure.failed(e.getCause())) {
                        throw e;
                    }
                    LOG.warnf(
                            "Skipped a delivery that cannot be read, partition %s, offset %d",
                            e.topicPartition(), e.offset());
                    consumer.seek(e.topicPartition(), e.offset() + 1);
                }
            }
        }
    }

    private void take(SpecificRecord record) {
        if (record instanceof AlertDelivery delivery
                && channel.equals(delivery.getChannelName())
                && delivery.getEventId() != null) {
            last.merge(
                    delivery.getEventId(),
                    delivery,
                    (before, now) -> now.getAttempt() >= before.getAttempt() ? now : before);
        }
    }
}
