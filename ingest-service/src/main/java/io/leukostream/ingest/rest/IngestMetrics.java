package io.leukostream.ingest.rest;

import io.leukostream.ingest.domain.IntakeOutcome;
import io.leukostream.ingest.domain.Priority;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.intake.BytesInFlight;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what is accepted and refused; labels are closed sets, never anything that was submitted. */
@Singleton
final class IngestMetrics {
    private final MeterRegistry registry;

    IngestMetrics(MeterRegistry registry, BytesInFlight bytesInFlight) {
        this.registry = registry;
        Gauge.builder("leukostream.ingest.in.flight", bytesInFlight, BytesInFlight::held)
                .description("Bytes of request bodies held at the moment")
                .baseUnit("bytes")
                .register(registry);
    }

    void accepted(IntakeOutcome.Accepted accepted, Priority priority) {
        registry.counter(
                        accepted.duplicate() ? "leukostream.ingest.duplicates" : "leukostream.ingest.accepted",
                        "kind",
                        accepted.specimen().kind().name(),
                        "priority",
                        priority.name())
                .increment();
    }

    void refused(ProblemCode code) {
        registry.counter("leukostream.ingest.refused", "code", code.name()).increment();
    }
}
