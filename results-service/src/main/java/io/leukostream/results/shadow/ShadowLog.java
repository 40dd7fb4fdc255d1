package io.leukostream.results.shadow;

import io.leukostream.events.ImageClassified;
import io.leukostream.events.ModelReference;
import io.leukostream.results.topology.LogReader;
import io.leukostream.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads {@code cell.classifications.shadow} from its beginning to where it ends now. Each reading has a consumer of its own. */
public final class ShadowLog {
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final Supplier<Deserializer<ImageClassified>> values;
    private final Duration patience;

    /**
     * Connects to nothing yet.
     *
     * @param patience how long the broker may give nothing while more is to come
     */
    public ShadowLog(String bootstrapServers, Supplier<Deserializer<ImageClassified>> values, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.values = values;
        this.patience = patience;
    }

    /**
     * A bundle on trial and what it called.
     *
     * @param outcomes by image id, of several the one of the highest attempt
     */
    public record Trial(ModelReference bundle, Map<String, ImageClassified> outcomes) {}

    /**
     * All bundles that ran as shadows, by the SHA-256 of their model.json.
     *
     * @throws KafkaException if the broker does not answer
     */
    public Map<String, Trial> read() {
        Map<String, Trial> trials = new TreeMap<>();
        try (KafkaConsumer<String, ImageClassified> consumer = new KafkaConsumer<>(
                LogReader.settings(bootstrapServers, "earliest"), new StringDeserializer(), values.get())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(Topic.CELL_CLASSIFICATIONS_SHADOW.topicName()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + patience.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                var records = consumer.poll(POLL);
                records.forEach(record -> add(trials, record.value()));
                if (!records.isEmpty()) {
                    deadline = System.nanoTime() + patience.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw new KafkaException("the broker gave nothing for " + patience);
                }
            }
        }
        return trials;
    }

    private static void add(Map<String, Trial> trials, ImageClassified outcome) {
        trials.computeIfAbsent(
                        outcome.getModel().getBundleSha256(), _ -> new Trial(outcome.getModel(), new HashMap<>()))
                .outcomes()
                .merge(outcome.getImageId(), outcome, (a, b) -> b.getAttempt() > a.getAttempt() ? b : a);
    }
}
