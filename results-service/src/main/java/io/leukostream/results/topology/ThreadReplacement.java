package io.leukostream.results.topology;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jboss.logging.Logger;

/**
 * Replaces a thread of the topology that ended, and reads again what it had not committed. Without a limit where the
 * infrastructure failed, with a pause; otherwise at most some times within a while, since a thread that ends over and over
 * of itself decides nothing: then the topology shuts down, the process is not live, and whoever watches it starts another.
 */
final class ThreadReplacement implements StreamsUncaughtExceptionHandler {
    static final int MOST = 10;
    static final Duration WITHIN = Duration.ofMinutes(10);

    private static final Logger LOG = Logger.getLogger(ThreadReplacement.class);

    private final Duration pause;
    private final Deque<Long> ended = new ArrayDeque<>();

    /** Pauses so long before a thread that the infrastructure ended is replaced. */
    ThreadReplacement(Duration pause) {
        this.pause = pause;
    }

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        if (Infrastructure.failed(failure)) {
            LOG.warn("A thread of the topology ended for what is around it and is replaced", failure);
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        return endedOfItself(System.nanoTime(), failure);
    }

    synchronized StreamThreadExceptionResponse endedOfItself(long nanos, Throwable failure) {
        ended.add(nanos);
        while (nanos - ended.getFirst() > WITHIN.toNanos()) {
            ended.removeFirst();
        }
        if (ended.size() > MOST) {
            LOG.errorf(failure, "Threads of the topology ended %d times within %s: it shuts down", MOST + 1, WITHIN);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.error("A thread of the topology ended and is replaced", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
