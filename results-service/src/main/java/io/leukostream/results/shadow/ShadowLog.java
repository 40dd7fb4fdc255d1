package io.leukostream.results.shadow;

import io.leukostream.events.ImageClassified;
import io.leukostream.events.ModelReference;
import io.leukostream.results.topology.Infrastructure;
import io.leukostream.results.topology.LogReader;
import io.leukostream.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;

/**
 * Reads {@code cell.classifications.shadow} from its beginning to where it ends now. The topic holds a month of outcomes, so
 * that never more than one partition's of one bundle is kept, and of that no more than a limit.
 */
public final class ShadowLog {
    private static final Logger LOG = Logger.getLogger(ShadowLog.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final Supplier<Deserializer<ImageClassified>> values;
    private final Duration patience;
    private final long mostBytes;

    /**
     * Connects to nothing yet.
     *
     * @param patience how long the broker may give nothing while more is to come
     * @param mostBytes how much of one bundle's outcomes of one partition is kept, in bytes as they are written
     */
    public ShadowLog(
            String bootstrapServers,
            Supplier<Deserializer<ImageClassified>> values,
            Duration patience,
            long mostBytes) {
        this.bootstrapServers = bootstrapServers;
        this.values = values;
        this.patience = patience;
        this.mostBytes = mostBytes;
    }

    /**
     * A bundle on trial.
     *
     * @param images how many images it called
     */
    public record Trial(ModelReference bundle, int images) {}

    /** The outcomes of a bundle in one partition are more than are kept at once. */
    public static final class TooManyException extends Exception {
        private static final long serialVersionUID = 1L;

        TooManyException(int partition, long mostBytes) {
            super("The outcomes of partition " + partition + " are more than " + mostBytes + " bytes.");
        }
    }

    /**
     * All bundles that ran as shadows, by the SHA-256 of their model.json.
     *
     * @throws KafkaException if the broker does not answer
     */
    public Map<String, Trial> bundles() {
        Map<String, ModelReference> bundles = new TreeMap<>();
        Map<String, Integer> images = new HashMap<>();
        try (KafkaConsumer<String, ImageClassified> consumer = consumer()) {
            for (TopicPartition partition : partitions(consumer)) {
                // An image lies in one partition only.
                Map<String, Set<Long>> seen = new HashMap<>();
                read(consumer, partition, record -> {
                    String sha256 = record.value().getModel().getBundleSha256();
                    bundles.putIfAbsent(sha256, record.value().getModel());
                    seen.computeIfAbsent(sha256, _ -> new HashSet<>())
                            .add(shortened(record.value().getImageId()));
                    return true;
                });
                seen.forEach((sha256, ids) -> images.merge(sha256, ids.size(), Integer::sum));
            }
        }
        Map<String, Trial> trials = new TreeMap<>();
        bundles.forEach((sha256, model) -> trials.put(sha256, new Trial(model, images.getOrDefault(sha256, 0))));
        return trials;
    }

    /** Is told the specimens of a partition and what the shadow called of their images. */
    public interface Part {
        /** Takes them: of several outcomes of an image the one of the highest attempt, by image id. */
        void take(Collection<String> specimenIds, Map<String, ImageClassified> outcomes);
    }

    /**
     * Reads one bundle's outcomes, a partition at a time, beside the specimens that belong there.
     *
     * @throws KafkaException if the broker does not answer
     * @throws TooManyException if a partition holds more than is kept
     */
    public void read(String bundleSha256, Collection<String> specimenIds, Part part) throws TooManyException {
        try (KafkaConsumer<String, ImageClassified> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer);
            Map<Integer, Set<String>> specimens = new HashMap<>();
            specimenIds.forEach(id -> specimens
                    .computeIfAbsent(partitionOf(id, partitions.size()), _ -> new HashSet<>())
                    .add(id));
            for (TopicPartition partition : partitions) {
                Map<String, ImageClassified> outcomes = new HashMap<>();
                long[] bytes = {0};
                read(consumer, partition, record -> {
                    ImageClassified outcome = record.value();
                    if (outcome.getModel().getBundleSha256().equals(bundleSha256)) {
                        bytes[0] += record.serializedValueSize();
                        outcomes.merge(
                                outcome.getImageId(), outcome, (a, b) -> b.getAttempt() > a.getAttempt() ? b : a);
                    }
                    return bytes[0] <= mostBytes;
                });
                if (bytes[0] > mostBytes) {
                    throw new TooManyException(partition.partition(), mostBytes);
                }
                part.take(specimens.getOrDefault(partition.partition(), Set.of()), outcomes);
            }
        }
    }

    /** As every producer of the topic lays its records: by Java's murmur2 of the key. */
    static int partitionOf(String specimenId, int partitions) {
        return Utils.toPositive(Utils.murmur2(specimenId.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /** 64 bits of an id that is a hash itself; two images of one partition hardly ever share them. */
    private static long shortened(String imageId) {
        long bits = 0;
        for (int k = 0; k < imageId.length(); k++) {
            bits = 31 * bits + imageId.charAt(k);
        }
        return bits;
    }

    private KafkaConsumer<String, ImageClassified> consumer() {
        return new KafkaConsumer<>(
                LogReader.settings(bootstrapServers, "earliest"), new StringDeserializer(), values.get());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer) {
        return consumer.partitionsFor(Topic.CELL_CLASSIFICATIONS_SHADOW.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /** Is told each record of a partition, as long as it wants more. */
    private interface Reader {
        boolean goesOnAfter(ConsumerRecord<String, ImageClassified> record);
    }

    private void read(KafkaConsumer<String, ImageClassified> consumer, TopicPartition partition, Reader reader) {
        List<TopicPartition> one = List.of(partition);
        consumer.assign(one);
        consumer.seekToBeginning(one);
        long end = consumer.endOffsets(one).getOrDefault(partition, 0L);
        long deadline = System.nanoTime() + patience.toNanos();
        while (consumer.position(partition) < end) {
            try {
                var records = consumer.poll(POLL);
                for (ConsumerRecord<String, ImageClassified> record : records) {
                    // A null is no outcome.
                    if (record.value() != null && !reader.goesOnAfter(record)) {
                        return;
                    }
                }
                if (!records.isEmpty()) {
                    deadline = System.nanoTime() + patience.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw new KafkaException("the broker gave nothing for " + patience);
                }
            } catch (RecordDeserializationException e) {
                if (Infrastructure.failed(e.getCause())) {
                    throw e;
                }
                LOG.warnf("Skipped a shadow's outcome that cannot be read, %s, offset %d", partition, e.offset());
                consumer.seek(partition, e.offset() + 1);
            }
        }
    }
}
