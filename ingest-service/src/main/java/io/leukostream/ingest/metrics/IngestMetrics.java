package io.leukostream.ingest.metrics;

import io.leukostream.ingest.domain.IntakeOutcome;
import io.leukostream.ingest.domain.Priority;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.intake.AgeWatermark;
import io.leukostream.ingest.intake.BytesInFlight;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what is accepted and refused; labels are closed sets, never anything that was submitted. */
@Singleton
public final class IngestMetrics {
    private final MeterRegistry registry;

    /** Counts into a registry. */
    public IngestMetrics(MeterRegistry registry, BytesInFlight bytesInFlight, AgeWatermark age) {
        this.registry = registry;
        Gauge.builder("leukostream.ingest.images.wait.too.long", age, watermark -> watermark.isReached() ? 1 : 0)
                .description("1 while images have waited longer than leukostream.admission.longest-wait")
                .register(registry);
        Gauge.builder("leukostream.ingest.in.flight", bytesInFlight, BytesInFlight::held)
                .description("Bytes of request bodies held at the moment")
                .baseUnit("bytes")
                .register(registry);
    }

    /** An image came through one of the doors. */
    public void accepted(IntakeOutcome.Accepted accepted, Priority priority) {
        registry.counter(
                        accepted.duplicate() ? "leukostream.ingest.duplicates" : "leukostream.ingest.accepted",
                        "kind",
                        accepted.specimen().kind().name(),
                        "priority",
                        priority.name())
                .increment();
    }

    /** A request or a file was refused. */
    public void refused(ProblemCode code) {
        registry.counter("leukostream.ingest.refused", "code", code.name()).increment();
    }
}
