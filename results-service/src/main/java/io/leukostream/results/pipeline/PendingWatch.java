package io.leukostream.results.pipeline;

import io.leukostream.results.domain.OverdueRule;
import io.leukostream.results.domain.WaitingImages;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.StoresNotReady;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the pending images of all instances now and then, so that whoever asks often (a probe, a monitoring system)
 * costs nothing. Any thread may ask.
 */
public final class PendingWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PendingWatch.class);

    private final ResultsStores stores;
    private final OverdueRule rule;
    private final Clock clock;
    private final Duration interval;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("pending-watch").factory());
    private volatile @Nullable WaitingImages seen;
    private boolean alarmed;

    /** A watch over these stores; {@link #start} starts it. */
    public PendingWatch(ResultsStores stores, OverdueRule rule, Clock clock, Duration interval) {
        this.stores = stores;
        this.rule = rule;
        this.clock = clock;
        this.interval = interval;
    }

    /** Looks now and every interval; returns at once. */
    public void start() {
        var _ = looker.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            WaitingImages now = WaitingImages.of(stores.pending(), clock.instant(), rule);
            seen = now;
            if (now.overdue() > 0 && !alarmed) {
                LOG.warnf(
                        "%d images have been pending longer than %s; the oldest is %s",
                        now.overdue(), rule.after(), now.oldestImageId());
            }
            alarmed = now.overdue() > 0;
        } catch (StoresNotReady e) {
            LOG.debugf("The pending images are not known now: %s", e.getMessage());
        } catch (RuntimeException e) {
            // An executor would drop the task for ever and say nothing.
            LOG.error("The pending images cannot be looked at", e);
        }
    }

    /** Images that have been pending too long, as of the last look; null before the first. */
    public @Nullable Integer overdue() {
        WaitingImages last = seen;
        return last == null ? null : (Integer) last.overdue();
    }

    /** How long the oldest pending image has waited, 0 where none waits; null before the first look. */
    public @Nullable Duration oldest() {
        WaitingImages last = seen;
        if (last == null) {
            return null;
        }
        Instant oldestAt = last.oldestAt();
        Duration waited = oldestAt == null ? Duration.ZERO : Duration.between(oldestAt, clock.instant());
        return waited.isNegative() ? Duration.ZERO : waited;
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
