package io.leukostream.results.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The last events, in a ring. It holds keys only: what an event says is looked up when it is told, so that a slow client
 * costs no memory. Many threads may wait on it.
 */
public final class LiveEvents {
    private final LiveEvent[] ring;
    private final String epoch = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appended = lock.newCondition();
    private long last;

    /** Remembers this many events. */
    public LiveEvents(int remembered) {
        if (remembered < 1) {
            throw new IllegalArgumentException("at least one event must be remembered, not " + remembered);
        }
        this.ring = new LiveEvent[remembered];
    }

    /**
     * What came after a place in the stream.
     *
     * @param missed whether events before these are forgotten
     * @param last the place to go on from
     */
    public record Batch(List<LiveEvent> events, boolean missed, long last) {}

    void append(LiveEvent.Kind kind, String key) {
        lock.lock();
        try {
            last++;
            ring[(int) (last % ring.length)] = new LiveEvent(last, kind, key);
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for events after a place; comes back empty after the time. */
    Batch after(long place, Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long nanos = wait.toNanos();
            while (last <= place && nanos > 0) {
                nanos = appended.awaitNanos(nanos);
            }
            long oldest = Math.max(1, last - ring.length + 1);
            boolean missed = place + 1 < oldest;
            List<LiveEvent> events = new ArrayList<>();
            for (long next = missed ? last + 1 : place + 1; next <= last; next++) {
                events.add(ring[(int) (next % ring.length)]);
            }
            return new Batch(events, missed, last);
        } finally {
            lock.unlock();
        }
    }

    /** The place of the newest event. */
    long last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** The id of a place, as a client keeps it. */
    String id(long place) {
        return epoch + "-" + place;
    }

    /** The place that a client's id stands for; −1 where it is none of this process or of the future. */
    long place(@Nullable String id) {
        if (id == null || !id.startsWith(epoch + "-")) {
            return -1;
        }
        try {
            long place = Long.parseLong(id.substring(epoch.length() + 1));
            return place < 0 || place > last() ? -1 : place;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
