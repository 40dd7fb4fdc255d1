package io.leukostream.inference.messaging;

import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.RejectionReason;
import io.leukostream.inference.domain.Source;
import io.leukostream.inference.messaging.Lane.Equipment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One membership in the group, with one producer. While the outcomes of a batch are written, the next batch is already
 * worked on; not polling is the back-pressure. Belongs to one thread.
 */
final class LaneSession implements AutoCloseable, ConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(LaneSession.class);
    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final long LAG_EVERY_NANOS = 1_000_000_000L;

    /** A batch that is being worked on. */
    private record Begun(List<Source> sources, CompletableFuture<List<Outcome>> outcomes, long nanos) {}

    private final Priority priority;
    private final Equipment equipment;
    private final KafkaConsumer<String, byte[]> consumer;
    private final OutcomeWriter writer;
    private final Deque<ConsumerRecord<String, byte[]>> polled = new ArrayDeque<>();
    private @Nullable Begun begun;
    private volatile boolean joined;
    private long lagToldNanos;

    private LaneSession(
            Priority priority, Equipment equipment, KafkaConsumer<String, byte[]> consumer, OutcomeWriter writer) {
        this.priority = priority;
        this.equipment = equipment;
        this.consumer = consumer;
        this.writer = writer;
    }

    /**
     * Ends a transaction that a former process left open, and joins the group.
     *
     * @throws InfrastructureException if the registry does not answer
     */
    static LaneSession open(Priority priority, Equipment equipment) {
        LaneSettings settings = equipment.settings();
        OutcomeWriter writer = OutcomeWriter.open(settings, priority, equipment.model());
        try {
            // Else the first image would wait for the registry.
            equipment.reader().read(writer.sampleImage(priority));
            KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                    settings.consumer(priority), new StringDeserializer(), new ByteArrayDeserializer());
            LaneSession session = new LaneSession(priority, equipment, consumer, writer);
            consumer.subscribe(List.of(LaneSettings.topic(priority).topicName()), session);
            return session;
        } catch (ImageRecordReader.UnreadableException e) {
            writer.close();
            throw new InfrastructureException("the registry does not give back a schema that it has just named", e);
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    boolean isJoined() {
        return joined;
    }

    void wakeUp() {
        consumer.wakeup();
    }

    /** Works until it is asked to end, and then finishes what it has begun. */
    void run(BooleanSupplier stopping) {
        try {
            while (!stopping.getAsBoolean()) {
                step();
            }
        } catch (WakeupException e) {
            LOG.debugf("The %s lane was woken to end", LaneSettings.name(priority));
        }
        publishBegun();
    }

    private void step() {
        if (polled.isEmpty()) {
            consumer.poll(begun == null ? IDLE_POLL : Duration.ZERO).forEach(polled::add);
            tellLag();
        }
        if (!polled.isEmpty() && equipment.journal().isSuspect(source(polled.element()))) {
            publishBegun();
            tryAlone(polled.remove());
            return;
        }
        if (equipment.alone().hasQueuedThreads()) {
            // A suspect of the other lane waits to be alone. Who holds the lock is given it again and again, and would
            // never
            // let it go while there is work.
            publishBegun();
        }
        List<ConsumerRecord<String, byte[]>> records = nextBatch();
        Begun next = records.isEmpty() ? null : begin(records);
        try {
            publishBegun();
        } finally {
            begun = next;
        }
    }

    /** Takes records up to the bounds, none that is under suspicion. */
    private List<ConsumerRecord<String, byte[]>> nextBatch() {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        long bytes = 0;
        while (!polled.isEmpty()
                && records.size() < equipment.settings().maxRecords()
                && bytes < equipment.settings().maxBytes()
                && !equipment.journal().isSuspect(source(polled.element()))) {
            ConsumerRecord<String, byte[]> next = polled.remove();
            bytes += Math.max(0, next.serializedValueSize());
            records.add(next);
        }
        return records;
    }

    private Begun begin(List<ConsumerRecord<String, byte[]>> records) {
        equipment.alone().readLock().lock();
        return beginWork(records);
    }

    private Begun beginWork(List<ConsumerRecord<String, byte[]>> records) {
        long nanos = System.nanoTime();
        List<Delivery> deliveries = new ArrayList<>(records.size());
        List<Source> sources = new ArrayList<>(records.size());
        for (ConsumerRecord<String, byte[]> next : records) {
            deliveries.add(delivery(next));
            sources.add(source(next));
        }
        equipment.journal().begin(priority, sources);
        return new Begun(sources, equipment.workbench().start(priority, deliveries), nanos);
    }

    /** Waits for the outcomes of the batch that was begun, and writes them. */
    private void publishBegun() {
        Begun batch = begun;
        begun = null;
        if (batch != null) {
            publish(batch, await(batch, equipment.alone().readLock()));
        }
    }

    private void tryAlone(ConsumerRecord<String, byte[]> suspect) {
        Source source = source(suspect);
        if (equipment.journal().isGuilty(source)) {
            LOG.errorf("The process died twice while it worked on this image alone: %s", source);
            Outcome rejected = delivery(suspect)
                    .rejected(
                            RejectionReason.DECODER_CRASHED,
                            "The process died twice while it worked on this image alone.");
            publish(new Begun(List.of(source), new CompletableFuture<>(), System.nanoTime()), List.of(rejected));
            return;
        }
        equipment.alone().writeLock().lock();
        Begun batch = beginWork(List.of(suspect));
        publish(batch, await(batch, equipment.alone().writeLock()));
    }

    /**
     * The outcomes of a batch. Where an error or no end came instead, the lane ends, which ends the process, and the journal
     * keeps the images as those that the process died of: the next one tries each alone.
     */
    private List<Outcome> await(Begun batch, Lock held) {
        boolean isDeadly = false;
        Duration longest = equipment.settings().longestWork();
        try {
            return batch.outcomes().get(longest.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (TimeoutException e) {
            isDeadly = true;
            throw new IllegalStateException("work on a batch did not end within " + longest, e);
        } catch (ExecutionException e) {
            isDeadly = e.getCause() instanceof Error;
            switch (e.getCause()) {
                case Error error -> throw error;
                case InfrastructureException infrastructure -> throw infrastructure;
                case null, default -> throw new InfrastructureException("a batch failed as a whole", e);
            }
        } finally {
            held.unlock();
            if (!isDeadly) {
                equipment.journal().end(priority, batch.sources());
            }
        }
    }

    private void publish(Begun batch, List<Outcome> outcomes) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Source source : batch.sources()) {
            offsets.merge(
                    new TopicPartition(source.topic(), source.partition()),
                    new OffsetAndMetadata(source.offset() + 1),
                    (a, b) -> a.offset() > b.offset() ? a : b);
        }
        writer.write(outcomes, offsets, consumer.groupMetadata());
        equipment.journal().acquit(batch.sources());
        equipment.observer().published(priority, outcomes, System.nanoTime() - batch.nanos());
    }

    private KafkaDelivery delivery(ConsumerRecord<String, byte[]> next) {
        return new KafkaDelivery(next, priority, equipment.reader());
    }

    private static Source source(ConsumerRecord<String, byte[]> next) {
        return new Source(next.topic(), next.partition(), next.offset());
    }

    private void tellLag() {
        long now = System.nanoTime();
        if (now - lagToldNanos >= LAG_EVERY_NANOS) {
            lagToldNanos = now;
            long images = 0;
            for (TopicPartition partition : consumer.assignment()) {
                OptionalLong lag = consumer.currentLag(partition);
                images += lag.orElse(0);
            }
            equipment.observer().lag(priority, images);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        joined = true;
        LOG.infof("The %s lane joined its group; new partitions: %s", LaneSettings.name(priority), partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        publishBegun();
    }

    /** Another has them by now: what was begun is not ours to write. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        joined = false;
        giveUpBegun();
    }

    private void giveUpBegun() {
        Begun batch = begun;
        begun = null;
        if (batch != null) {
            batch.outcomes().cancel(false);
            equipment.alone().readLock().unlock();
            equipment.journal().end(priority, batch.sources());
        }
    }

    @Override
    public void close() {
        joined = false;
        giveUpBegun();
        writer.close();
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}
