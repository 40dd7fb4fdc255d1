package io.leukostream.schemas;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends a wait that knows no limit of its own, by interrupting its thread: the registry's client waits for ever for an answer
 * that does not come. Once it is closed nothing of the interruption is left.
 */
public final class Deadline implements AutoCloseable {
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final Thread waiting = Thread.currentThread();
    private final Future<?> alarm;
    private boolean isOver;
    private boolean hasRung;

    /** For what this thread does until it is closed. */
    public Deadline(Duration time) {
        alarm = CLOCK.schedule(this::ring, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("deadlines").factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    private synchronized void ring() {
        if (!isOver) {
            hasRung = true;
            waiting.interrupt();
        }
    }

    @Override
    public synchronized void close() {
        isOver = true;
        alarm.cancel(false);
        if (hasRung) {
            Thread.interrupted();
        }
    }
}
