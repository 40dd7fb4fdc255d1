package io.leukostream.results.metrics;

import io.leukostream.results.topology.TopologyObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * {@code leukostream_records_rejected_total}, records that results could not use, by topic and reason, and
 * {@code leukostream_specimens_to_reassess}, about how many specimens of this instance are still to be looked through after
 * its start.
 */
public final class TopologyMeters implements TopologyObserver {
    private final MeterRegistry meters;
    private final ConcurrentMap<Integer, Long> toReassess = new ConcurrentHashMap<>();

    /** Registers both. */
    public TopologyMeters(MeterRegistry meters) {
        this.meters = meters;
        Gauge.builder("leukostream.specimens.to.reassess", this, TopologyMeters::toReassess)
                .description("Specimens still to be looked through for an assessment by another policy or other rules")
                .register(meters);
    }

    @Override
    public void rejected(String topic, String reason) {
        Counter.builder("leukostream.records.rejected")
                .description("Records that results could not use")
                .tag("topic", topic)
                .tag("reason", reason)
                .register(meters)
                .increment();
    }

    @Override
    public void toReassess(int partition, long specimens) {
        toReassess.put(partition, specimens);
    }

    @Override
    public long toReassess() {
        return toReassess.values().stream().mapToLong(Long::longValue).sum();
    }
}
