package io.leukostream.inference.pipeline;

import io.leukostream.inference.domain.Priority;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A queue from which STAT work is taken before routine work, though never more than a bounded number of times in a row
 * while routine work waits: a flood of STAT slows the routine lane down and cannot stop it.
 */
final class StatFirstQueue<T> {
    private static final int STAT_IN_A_ROW = 16;

    private final Queue<T> stat = new ArrayDeque<>();
    private final Queue<T> routine = new ArrayDeque<>();
    private int statInARow;

    synchronized void put(Priority priority, T work) {
        (priority == Priority.STAT ? stat : routine).add(work);
        notify();
    }

    /** Waits for work. */
    synchronized T take() throws InterruptedException {
        while (true) {
            T work = next();
            if (work != null) {
                return work;
            }
            wait();
        }
    }

    /** Waits for work for that long; null if none came. */
    synchronized @Nullable T poll(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (true) {
            T work = next();
            long left = deadline - System.nanoTime();
            if (work != null || left <= 0) {
                return work;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }

    private @Nullable T next() {
        boolean routineIsDue = stat.isEmpty() || (statInARow >= STAT_IN_A_ROW && !routine.isEmpty());
        statInARow = routineIsDue ? 0 : statInARow + 1;
        return (routineIsDue ? routine : stat).poll();
    }
}
