package io.leukostream.integration;

import io.leukostream.simulator.planted.Planted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks for an identifier in everything that leaves the vault: each record of each topic, the streams' own and what no
 * transaction committed among them, the logs of all processes, and the metrics of the services.
 */
final class IdentifierSearch {
    private final RunningSystem system;
    private final String identifier;
    private final List<String> found = new ArrayList<>();
    private int searched;

    IdentifierSearch(RunningSystem system, String identifier) {
        this.system = system;
        this.identifier = identifier;
    }

    /** Where it is; empty where it is nowhere. */
    List<String> found() throws IOException, InterruptedException {
        topics();
        for (Path log : files("logs")) {
            look(Files.readAllBytes(log), log.getFileName().toString());
        }
        for (int service = 0; service < 3; service++) {
            look(system.metrics(service).getBytes(StandardCharsets.UTF_8), "metrics of service " + service);
        }
        return found;
    }

    /** How many keys, values, headers, logs and pages of metrics were looked into. */
    int searched() {
        return searched;
    }

    /** Whether it is in a file of this folder of the system's data. */
    boolean isInFolder(String folder) throws IOException {
        for (Path file : files(folder)) {
            if (Planted.isIn(Files.readAllBytes(file), identifier)) {
                return true;
            }
        }
        return false;
    }

    private List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(system.data().resolve(folder))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void topics() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", system.bootstrapServers(), "fetch.max.bytes", 16 << 20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(Collection::stream)
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(this::look);
            }
        }
    }

    private void look(ConsumerRecord<byte[], byte[]> each) {
        String where = each.topic() + "-" + each.partition() + " at " + each.offset();
        look(each.key(), where + ", key");
        look(each.value(), where + ", value");
        for (Header header : each.headers()) {
            look(header.key().getBytes(StandardCharsets.UTF_8), where + ", header");
            look(header.value(), where + ", header " + header.key());
        }
    }

    private void look(byte[] bytes, String where) {
        if (bytes != null) {
            searched++;
            if (Planted.isAnywhereIn(bytes, identifier)) {
                found.add(where);
            }
        }
    }
}
