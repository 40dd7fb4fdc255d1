package io.leukostream.schemas;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends the process when the machine's wall clock is set back. Kafka's clients and Streams measure their pauses by that clock:
 * set back by an hour, they may stand still for an hour, with every check green. A new process goes on at once, and nothing
 * is lost by the end of an old one.
 */
public final class ClockWatch {
    /** How far the clock may be set back; what corrects a good clock is far smaller. */
    public static final Duration TOLERANCE = Duration.ofSeconds(10);

    /** Exit status of a process that ended for this reason: EX_TEMPFAIL of sysexits.h, try again. */
    static final int STATUS = 75;

    private static final System.Logger LOG = System.getLogger(ClockWatch.class.getName());
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private long furthestMillis;

    /** A watch that begins now. */
    ClockWatch(long wallMillis, long nanos) {
        furthestMillis = ahead(wallMillis, nanos);
    }

    /** Begins to watch, as long as the process lives. */
    public static void start() {
        ClockWatch watch = new ClockWatch(System.currentTimeMillis(), System.nanoTime());
        Thread.ofPlatform().daemon().name("clock-watch").start(watch::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(BETWEEN_LOOKS);
                Duration back = setBack(System.currentTimeMillis(), System.nanoTime());
                if (back.compareTo(TOLERANCE) > 0) {
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "The clock was set back by " + back + ": this process ends, and a new one goes on");
                    Runtime.getRuntime().halt(STATUS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How far the wall clock is behind where it has been, seen from the one that never jumps. */
    Duration setBack(long wallMillis, long nanos) {
        long ahead = ahead(wallMillis, nanos);
        furthestMillis = Math.max(furthestMillis, ahead);
        return Duration.ofMillis(furthestMillis - ahead);
    }

    private static long ahead(long wallMillis, long nanos) {
        return wallMillis - TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
