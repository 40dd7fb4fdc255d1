package io.leukostream.results.topology;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** How topics are read beside the topology: only what was committed, in no group, without leaving a trace. */
public final class LogReader {
    private LogReader() {}

    /**
     * The settings of such a consumer, to add to.
     *
     * @param from where it begins, and what happens where its place is gone: earliest, latest or none
     */
    public static Map<String, Object> settings(String bootstrapServers, String from) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, from);
        return settings;
    }
}
