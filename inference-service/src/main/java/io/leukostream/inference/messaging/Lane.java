package io.leukostream.inference.messaging;

import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.pipeline.Workbench;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One image topic from delivery to outcome, for as long as the service runs. Whatever breaks around it (broker, registry,
 * GPU, a transaction that was fenced) ends the current session; the next one goes on from the committed offsets.
 */
final class Lane implements Runnable {
    private static final Logger LOG = Logger.getLogger(Lane.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);

    /** What a lane works with. The lock is held for reading while images are worked on, for writing by a suspect. */
    record Equipment(
            LaneSettings settings,
            ModelDescription model,
            Workbench workbench,
            ImageRecordReader reader,
            CrashJournal journal,
            ReentrantReadWriteLock alone,
            LaneObserver observer) {}

    private final Priority priority;
    private final Equipment equipment;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable LaneSession session;

    Lane(Priority priority, Equipment equipment) {
        this.priority = priority;
        this.equipment = equipment;
    }

    /** Whether it takes part in its group with a producer that can write. */
    boolean isJoined() {
        LaneSession current = session;
        return current != null && current.isJoined();
    }

    /** Asks it to finish what it has begun and to end. */
    void stop() {
        stop.countDown();
        LaneSession current = session;
        if (current != null) {
            current.wakeUp();
        }
    }

    @Override
    public void run() {
        Duration pause = SHORTEST_PAUSE;
        while (!isStopping()) {
            long began = System.nanoTime();
            try (LaneSession current = LaneSession.open(priority, equipment)) {
                session = current;
                current.run(this::isStopping);
            } catch (InterruptException e) {
                LOG.infof("The %s lane was interrupted and ends; what it had begun is delivered again", name());
                return;
            } catch (KafkaException | InfrastructureException e) {
                boolean wasHealthy = System.nanoTime() - began > HEALTHY_AFTER.toNanos();
                pause = wasHealthy ? SHORTEST_PAUSE : pause;
                equipment.observer().brokeOff(priority);
                LOG.warnf(
                        e,
                        "The %s lane broke off and starts anew in %s; nothing was committed, all is delivered again",
                        name(),
                        pause);
                if (paused(pause)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            } finally {
                session = null;
            }
        }
    }

    /** routine or stat. */
    String name() {
        return LaneSettings.name(priority);
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    /** Whether it was asked to end meanwhile. */
    private boolean paused(Duration pause) {
        try {
            return stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
