package io.leukostream.results.topology;

import io.leukostream.schemas.ImageLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How the topology runs. Membership is static and timeouts are short, so that after a {@code kill -9} the same instance
 * takes its work back in seconds.
 *
 * @param applicationServer host and port under which the other instances can ask this one's stores
 * @param standbyReplicas how many further instances keep a copy of each store, from which they go on when its owner dies
 */
public record StreamsSettings(
        String bootstrapServers,
        Path stateFolder,
        String instance,
        String applicationServer,
        int threads,
        Duration sessionTimeout,
        Duration commitInterval,
        int internalReplicas,
        int standbyReplicas,
        ImageLimit limit) {
    /** Also the consumer group and the prefix of the internal topics. */
    public static final String APPLICATION_ID = "results";

    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    /** @param observer who is told of records that are passed over */
    Properties properties(TopologyObserver observer) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, applicationServer);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitInterval.toMillis());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, internalReplicas);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedStoreMemory.class);
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbyReplicas);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64L << 20);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, FailedRecords.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailedRecords.class);
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, FailedRecords.class);
        properties.put(FailedRecords.OBSERVER, observer);
        properties.put(
                StreamsConfig.TASK_TIMEOUT_MS_CONFIG, Duration.ofMinutes(5).toMillis());
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), APPLICATION_ID + "-" + instance);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int)
                sessionTimeout.toMillis());
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                (int) sessionTimeout.toMillis() / 4);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), limit.maxRecordBytes());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int)
                TRANSACTION_TIMEOUT.toMillis());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), limit.maxRecordBytes());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        // A changelog record holds one image's cells; the broker's own limit is the one on images.
        properties.put(StreamsConfig.topicPrefix("max.message.bytes"), Integer.toString(limit.maxRecordBytes()));
        // An escalation is stored under this machine's time: a clock that is wrong must not end the topology.
        properties.put(StreamsConfig.topicPrefix("message.timestamp.after.max.ms"), Long.toString(Long.MAX_VALUE));
        return properties;
    }
}
