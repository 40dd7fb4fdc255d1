package io.leukostream.ingest.intake;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells when an image has waited for inference so long that the log's retention comes near: what is taken in then could expire
 * before it is looked at. Looks now and then, so that whoever asks costs nothing.
 */
public final class AgeWatermark implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AgeWatermark.class);

    private final Log log;
    private final Duration longestWait;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("age-watermark").factory());
    private volatile boolean reached;

    /** What waits in the event log. */
    public interface Log {
        /**
         * Whether an image waits that was written longer ago than this.
         *
         * @throws io.leukostream.ingest.domain.UnavailableException if the broker does not answer
         */
        boolean holdsWaitingFor(Duration time);
    }

    /** A watermark that nothing has reached yet. */
    public AgeWatermark(Log log, Duration longestWait) {
        this.log = log;
        this.longestWait = longestWait;
    }

    /** Looks now and every interval; returns at once. */
    public void start(Duration interval) {
        var _ = looker.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    void look() {
        try {
            boolean now = log.holdsWaitingFor(longestWait);
            if (now != reached) {
                LOG.warnf(
                        now
                                ? "Images have waited longer than %s: no further ones are taken in"
                                : "No image waits longer than %s any more",
                        longestWait);
            }
            reached = now;
        } catch (RuntimeException e) {
            // An executor would drop the task for ever and say nothing.
            LOG.warnf("What waits in the log is not known now: %s", e.getMessage());
        }
    }

    /** Whether images wait too long, as of the last look. */
    public boolean isReached() {
        return reached;
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
