package io.leukostream.results.metrics;

import io.leukostream.results.rest.DriftJson;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.topology.StoresNotReady;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The drift of each scanner's newest day as {@code leukostream_scanner_drift{scanner,figure}}: its signed distance from
 * the earlier days, in standard errors. A scanner is named by the site's alias, one that is not stated by
 * {@value #NOT_STATED}; a figure is {@code focus}, {@code brightness} or {@code blast_probability}. Where there is too
 * little to compare there is no value.
 */
public final class ScannerDriftMeters implements AutoCloseable {
    static final String NOT_STATED = "not stated";
    /** Whoever writes to Kafka names the scanner; a monitoring system need not hold every name. */
    static final int MOST_SCANNERS = 100;

    private static final Logger LOG = Logger.getLogger(ScannerDriftMeters.class);
    /** How far back a scanner's newest day may lie. */
    private static final int DAYS = 7;

    private final MultiGauge gauge;
    private final ResultsQueries queries;
    private final Clock clock;
    private final Duration interval;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("scanner-drift").factory());

    /** Registers the gauge; {@link #start} fills it. */
    public ScannerDriftMeters(MeterRegistry meters, ResultsQueries queries, Clock clock, Duration interval) {
        this.gauge = MultiGauge.builder("leukostream.scanner.drift")
                .description("Distance of a scanner's newest day from its earlier days, standard errors")
                .register(meters);
        this.queries = queries;
        this.clock = clock;
        this.interval = interval;
    }

    /** Computes the values now and every interval; returns at once. */
    public void start() {
        var _ = refresher.scheduleWithFixedDelay(this::refresh, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void refresh() {
        try {
            gauge.register(rows(queries.drift(LocalDate.now(clock), DAYS)), true);
        } catch (StoresNotReady e) {
            LOG.debugf("The drift of the scanners is not known now: %s", e.getMessage());
        } catch (RuntimeException e) {
            // An executor would drop the task for ever and say nothing.
            LOG.error("The drift of the scanners cannot be computed", e);
        }
    }

    /** The newest day of each scanner. */
    static List<Row<?>> rows(DriftJson drift) {
        Set<String> seen = new HashSet<>();
        List<Row<?>> rows = new ArrayList<>();
        for (DriftJson.Day day : drift.items()) {
            String scanner = day.scanner() == null ? NOT_STATED : day.scanner();
            if (seen.size() < MOST_SCANNERS && seen.add(scanner)) {
                add(rows, scanner, "focus", day.focus().distance());
                add(rows, scanner, "brightness", day.brightness().distance());
                add(rows, scanner, "blast_probability", day.blastProbability().distance());
            }
        }
        return rows;
    }

    private static void add(List<Row<?>> rows, String scanner, String figure, @Nullable Double distance) {
        if (distance != null) {
            rows.add(Row.of(Tags.of("scanner", scanner, "figure", figure), distance));
        }
    }

    @Override
    public void close() {
        refresher.shutdownNow();
    }
}
