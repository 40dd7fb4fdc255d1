package io.leukostream.inference.messaging;

import io.leukostream.inference.domain.Priority;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.InferenceGroup;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How the lanes reach the broker and how much they take at once.
 *
 * @param registryUrl the registry's core API
 * @param instance names this instance among others
 * @param limit the limit on image bytes, from which fetches and records are derived
 * @param maxRecords the most images of one transaction
 * @param maxBytes no further image is taken once a transaction has this many bytes
 * @param longestWork a batch that takes longer hangs in native code, which can be ended only with the process; longer than
 *     any batch takes, shorter than Kafka waits for the next poll
 * @param bundleSha256 of the bundle at work; it names the groups of a shadow
 */
public record LaneSettings(
        String bootstrapServers,
        String registryUrl,
        String instance,
        ImageLimit limit,
        int maxRecords,
        int maxBytes,
        Duration sessionTimeout,
        Duration transactionTimeout,
        Duration longestWork,
        Role role,
        String bundleSha256) {
    /** What is waited for a batch in service. */
    public static final Duration LONGEST_WORK = Duration.ofMinutes(4);

    private static final int SEND_BATCH_BYTES = 256 << 10;
    private static final int LARGEST_FETCH_BYTES = 8 << 20;
    private static final int HEARTBEATS_PER_SESSION = 4;

    public LaneSettings {
        if (maxRecords < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("a lane takes at least one image, not " + maxRecords + ", " + maxBytes);
        }
    }

    /** The topic of a lane. */
    static Topic topic(Priority lane) {
        return lane == Priority.STAT ? Topic.SMEAR_IMAGES_STAT : Topic.SMEAR_IMAGES;
    }

    static String name(Priority lane) {
        return InferenceGroup.Lane.valueOf(lane.name()).label();
    }

    private String group(Priority lane) {
        return InferenceGroup.of(role.prefix(bundleSha256), InferenceGroup.Lane.valueOf(lane.name()));
    }

    Map<String, Object> consumer(Priority lane) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group(lane));
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, group(lane) + "-" + instance);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, group(lane) + "-" + instance);
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxRecords);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, LARGEST_FETCH_BYTES);
        // A record that is larger is delivered all the same, alone.
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Math.min(LARGEST_FETCH_BYTES, 4 << 20));
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(sessionTimeout));
        settings.put(
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                Math.max(1, millis(sessionTimeout) / HEARTBEATS_PER_SESSION));
        settings.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, 1 << 20);
        return settings;
    }

    Map<String, Object> producer(Priority lane) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group(lane) + "-" + instance);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, group(lane) + "-" + instance);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis(transactionTimeout));
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // What is large is JPEG, which nothing compresses further.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, SEND_BATCH_BYTES);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, limit.maxRecordBytes());
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, limit.producerBufferBytes());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(transactionTimeout));
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(sessionTimeout));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(transactionTimeout));
        return settings;
    }

    Map<String, Object> serializer() {
        return WireFormat.settings(registryUrl);
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
