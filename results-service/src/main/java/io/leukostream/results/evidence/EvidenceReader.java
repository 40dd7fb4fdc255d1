package io.leukostream.results.evidence;

import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageEvidence;
import io.leukostream.results.topology.Infrastructure;
import io.leukostream.results.topology.LogReader;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads single records of {@code image.evidence}. A small pool of consumers, made when first needed, assigned to one
 * partition for one reading and belonging to no group; what was read lately is kept, because a gallery asks for the crops
 * of one field one by one. Safe for many threads.
 */
public final class EvidenceReader implements AutoCloseable {
    private static final int FIRST_FETCH_BYTES = 512 << 10;

    private final Supplier<KafkaConsumer<String, ImageEvidence>> factory;
    private final BlockingQueue<Slot> slots;
    private final List<Slot> all = new ArrayList<>();
    private final Duration timeout;
    private final Map<TopicPartitionOffset, ImageEvidence> kept = new LinkedHashMap<>(64, 0.75f, true);
    private final long keptBytesLimit;
    private long keptBytes;
    private volatile boolean closed;

    private record TopicPartitionOffset(TopicPartition partition, long offset) {}

    /** A consumer's place in the pool; empty until it is needed, and again after an error. */
    private static final class Slot {
        private @org.jspecify.annotations.Nullable KafkaConsumer<String, ImageEvidence> consumer;
    }

    /**
     * Makes a reader; nothing is connected before the first reading.
     *
     * @param values makes a deserialiser for each consumer, which closes it
     * @param readers readings at the same time
     * @param timeout how long one may take, waiting for its turn included
     * @param keptBytes what is kept of what was read
     */
    public EvidenceReader(
            String bootstrapServers,
            Supplier<Deserializer<ImageEvidence>> values,
            ImageLimit limit,
            int readers,
            Duration timeout,
            long keptBytes) {
        this.timeout = timeout;
        this.keptBytesLimit = keptBytes;
        Map<String, Object> settings = LogReader.settings(bootstrapServers, "none");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // The broker sends the first batch whole even where it is larger than this.
        settings.put(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Math.min(FIRST_FETCH_BYTES, limit.maxRecordBytes()));
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        this.factory = () -> new KafkaConsumer<>(settings, new StringDeserializer(), values.get());
        this.slots = new LinkedBlockingQueue<>();
        for (int k = 0; k < readers; k++) {
            Slot slot = new Slot();
            all.add(slot);
            slots.add(slot);
        }
    }

    /** Reads the record at these coordinates. */
    public EvidenceFound read(Coordinates at) {
        if (!at.getTopic().equals(Topic.IMAGE_EVIDENCE.topicName())) {
            return new EvidenceFound.Gone();
        }
        TopicPartitionOffset wanted =
                new TopicPartitionOffset(new TopicPartition(at.getTopic(), at.getPartition()), at.getOffset());
        synchronized (kept) {
            ImageEvidence known = kept.get(wanted);
            if (known != null) {
                return new EvidenceFound.Read(known);
            }
        }
        Slot slot;
        try {
            slot = slots.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new EvidenceFound.Unavailable("interrupted");
        }
        if (slot == null || closed) {
            return new EvidenceFound.Unavailable("all readers are busy");
        }
        try {
            EvidenceFound found = read(slot, wanted);
            if (found instanceof EvidenceFound.Read(ImageEvidence evidence)) {
                keep(wanted, evidence);
            }
            return found;
        } finally {
            slots.add(slot);
        }
    }

    private EvidenceFound read(Slot slot, TopicPartitionOffset wanted) {
        try {
            KafkaConsumer<String, ImageEvidence> consumer = slot.consumer;
            if (consumer == null) {
                consumer = factory.get();
                slot.consumer = consumer;
            }
            consumer.assign(Set.of(wanted.partition()));
            consumer.seek(wanted.partition(), wanted.offset());
            long deadline = System.nanoTime() + timeout.toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, ImageEvidence> record : consumer.poll(Duration.ofMillis(100))) {
                    return record.offset() == wanted.offset() && record.value() != null
                            ? new EvidenceFound.Read(record.value())
                            : new EvidenceFound.Gone();
                }
            }
            return new EvidenceFound.Unavailable("the broker did not answer in time");
        } catch (OffsetOutOfRangeException e) {
            return new EvidenceFound.Gone();
        } catch (RecordDeserializationException e) {
            return Infrastructure.failed(e.getCause())
                    ? new EvidenceFound.Unavailable(String.valueOf(e.getMessage()))
                    : new EvidenceFound.Gone();
        } catch (KafkaException e) {
            discard(slot);
            return new EvidenceFound.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static void discard(Slot slot) {
        KafkaConsumer<String, ImageEvidence> consumer = slot.consumer;
        slot.consumer = null;
        if (consumer != null) {
            consumer.close();
        }
    }

    private void keep(TopicPartitionOffset at, ImageEvidence evidence) {
        synchronized (kept) {
            if (kept.put(at, evidence) == null) {
                keptBytes += bytes(evidence);
            }
            var eldest = kept.values().iterator();
            while (keptBytes > keptBytesLimit && eldest.hasNext()) {
                keptBytes -= bytes(eldest.next());
                eldest.remove();
            }
        }
    }

    private static long bytes(ImageEvidence evidence) {
        ByteBuffer display = evidence.getDisplay();
        return (display == null ? 0 : display.limit())
                + evidence.getCrops().stream()
                        .mapToLong(crop -> crop.getJpeg().limit())
                        .sum();
    }

    @Override
    public void close() {
        closed = true;
        for (int k = 0; k < all.size(); k++) {
            try {
                Slot slot = slots.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
                if (slot != null) {
                    discard(slot);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
