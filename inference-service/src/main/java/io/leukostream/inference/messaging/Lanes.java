package io.leukostream.inference.messaging;

import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.pipeline.Workbench;
import io.leukostream.schemas.ImageLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;

/** Both lanes, each in a thread of its own. */
public final class Lanes implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Lanes.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ImageRecordReader reader;
    private final List<Lane> lanes;
    private final List<Thread> threads;

    private Lanes(ImageRecordReader reader, List<Lane> lanes, List<Thread> threads) {
        this.reader = reader;
        this.lanes = lanes;
        this.threads = threads;
    }

    /** Limits what a length within a record may ask for: else a few bytes that are no Avro could ask for gigabytes. */
    static void limitLengths(ImageLimit limit) {
        String longest = Integer.toString(limit.maxRecordBytes());
        System.setProperty("org.apache.avro.limits.bytes.maxLength", longest);
        System.setProperty("org.apache.avro.limits.string.maxLength", longest);
    }

    /**
     * Starts the lanes.
     *
     * @param folder exists; what is in progress is remembered there
     * @param previousExit status with which the last process ended; empty where nobody knows it
     */
    public static Lanes start(
            LaneSettings settings,
            ModelDescription model,
            Workbench workbench,
            Path folder,
            OptionalInt previousExit,
            LaneObserver observer) {
        limitLengths(settings.limit());
        ImageRecordReader reader = new ImageRecordReader(settings.registryUrl());
        Lane.Equipment equipment = new Lane.Equipment(
                settings,
                model,
                workbench,
                reader,
                new CrashJournal(folder, previousExit),
                new ReentrantReadWriteLock(true),
                observer);
        List<Lane> lanes = Arrays.stream(Priority.values())
                .map(priority -> new Lane(priority, equipment))
                .toList();
        List<Thread> threads = lanes.stream()
                .map(lane -> Thread.ofPlatform().name("lane-" + lane.name()).start(lane))
                .toList();
        return new Lanes(reader, lanes, threads);
    }

    /** Whether both threads live. */
    public boolean isAlive() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    /** Whether both take part in their groups. */
    public boolean isJoined() {
        return lanes.stream().allMatch(Lane::isJoined);
    }

    /** Lets both finish and commit what they have begun; those that take too long are interrupted. */
    @Override
    public void close() {
        lanes.forEach(Lane::stop);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Thread thread : threads) {
                if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                    LOG.warnf("%s did not end within %s and is interrupted", thread.getName(), PATIENCE);
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
        reader.close();
    }
}
