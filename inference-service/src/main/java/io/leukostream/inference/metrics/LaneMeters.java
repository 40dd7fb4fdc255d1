package io.leukostream.inference.metrics;

import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.messaging.LaneObserver;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What the lanes did, as meters. */
public final class LaneMeters implements LaneObserver {
    private final MeterRegistry meters;
    private final Map<Priority, AtomicLong> lags = new EnumMap<>(Priority.class);

    /** Registers a lag for each lane. */
    public LaneMeters(MeterRegistry meters) {
        this.meters = meters;
        for (Priority lane : Priority.values()) {
            AtomicLong images = new AtomicLong();
            lags.put(lane, images);
            Supplier<Number> lag = images::get;
            Gauge.builder("leukostream.inference.lag", lag)
                    .description("Images that wait in the partitions of this instance")
                    .tag("lane", name(lane))
                    .register(meters);
        }
    }

    @Override
    public void published(Priority lane, List<Outcome> outcomes, long nanos) {
        for (Outcome outcome : outcomes) {
            String result = switch (outcome) {
                case Outcome.Classified _ -> "CLASSIFIED";
                case Outcome.Rejected rejected -> rejected.reason().name();
            };
            meters.counter("leukostream.inference.images", "lane", name(lane), "outcome", result)
                    .increment();
        }
        DistributionSummary.builder("leukostream.inference.batch.images")
                .description("Images of one transaction")
                .tag("lane", name(lane))
                .register(meters)
                .record(outcomes.size());
        Timer.builder("leukostream.inference.batch")
                .description("From delivery to commit, of one transaction")
                .tag("lane", name(lane))
                .register(meters)
                .record(Duration.ofNanos(nanos));
    }

    @Override
    public void lag(Priority lane, long images) {
        lags.computeIfAbsent(lane, _ -> new AtomicLong()).set(images);
    }

    @Override
    public void brokeOff(Priority lane) {
        meters.counter("leukostream.inference.broken.off", "lane", name(lane)).increment();
    }

    private static String name(Priority lane) {
        return lane.name().toLowerCase(Locale.ROOT);
    }
}
