package io.leukostream.ingest.intake;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The pauses of a door that looks by itself; each ends at once when the door is closed, or its thread interrupted. */
public final class Pace {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 10;

    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * A pace.
     *
     * @param interval between two looks
     */
    public Pace(Duration interval) {
        this.interval = interval;
    }

    /** Waits until the next look is due. */
    public void pause() {
        pause(interval);
    }

    /** Waits so long. */
    public void pause(Duration pause) {
        try {
            closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits before something is tried again: twice as long each time, at most half a minute.
     *
     * @param failed how often it failed before, ≥ 0
     */
    public void backOff(int failed) {
        Duration pause = interval.multipliedBy(1L << Math.min(failed, MOST_DOUBLINGS));
        pause(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }

    /** Whether the thread that asks should come to its end. */
    public boolean isClosed() {
        return closed.getCount() == 0 || Thread.currentThread().isInterrupted();
    }

    /** Ends all pauses. */
    public void close() {
        closed.countDown();
    }
}
