package io.leukostream.results.metrics;

import io.leukostream.results.pipeline.PendingWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * {@code leukostream_images_overdue}, images that have been pending longer than the configured time, and
 * {@code leukostream_oldest_pending_seconds}, how long the oldest has waited (0 where none waits). Each instance tells them
 * for all instances; no value until the stores could be asked once.
 */
public final class PendingMeters {
    private PendingMeters() {}

    /** Registers both. */
    public static void register(MeterRegistry meters, PendingWatch watch) {
        Gauge.builder("leukostream.images.overdue", watch, PendingMeters::overdue)
                .description("Images that have been pending longer than leukostream.accounting.overdue-after")
                .register(meters);
        Gauge.builder("leukostream.oldest.pending.seconds", watch, PendingMeters::oldest)
                .description("How long the oldest pending image has waited, s")
                .register(meters);
    }

    private static double overdue(PendingWatch watch) {
        Integer images = watch.overdue();
        return images == null ? Double.NaN : images;
    }

    private static double oldest(PendingWatch watch) {
        Duration waited = watch.oldest();
        return waited == null ? Double.NaN : waited.toMillis() / 1000.0;
    }
}
