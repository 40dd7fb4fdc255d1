package io.leukostream.ingest.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what comes by DICOM. */
@Singleton
public final class DicomMetrics {
    private static final double MILLIS_PER_SECOND = 1000;

    private final MeterRegistry registry;
    private final AtomicLong behind = new AtomicLong();
    private final AtomicLong lastPollMillis = new AtomicLong();
    private final AtomicLong isFollowing = new AtomicLong();

    /** Counts into a registry. */
    public DicomMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("leukostream.ingest.dicom.behind", behind, AtomicLong::get)
                .description("Orthanc's changes that are not dealt with yet")
                .register(registry);
        Gauge.builder(
                        "leukostream.ingest.dicom.last.poll.timestamp.seconds",
                        lastPollMillis,
                        millis -> millis.get() / MILLIS_PER_SECOND)
                .description("When Orthanc's changes were seen last, Unix time; 0 for never")
                .register(registry);
        Gauge.builder("leukostream.ingest.dicom.following", isFollowing, AtomicLong::get)
                .description("1 while an Orthanc is followed and nothing holds that up")
                .register(registry);
    }

    /** Orthanc's changes were seen. */
    public void polled(Instant when, long changesBehind) {
        lastPollMillis.set(when.toEpochMilli());
        behind.set(changesBehind);
    }

    /** Whether Orthanc is followed at the moment. */
    public void follows(boolean follows) {
        isFollowing.set(follows ? 1 : 0);
    }

    /** Orthanc's list of changes was another, so that it is read from the start. */
    public void startedOver() {
        registry.counter("leukostream.ingest.dicom.started.over").increment();
    }

    /** An instance was read. */
    public void instance() {
        registry.counter("leukostream.ingest.dicom.instances").increment();
    }

    /** A frame was decided about, or an instance was refused as a whole. */
    public void decided(FrameOutcome outcome) {
        registry.counter(
                        "leukostream.ingest.dicom.frames",
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** What can come of a frame. */
    public enum FrameOutcome {
        ACCEPTED,
        DUPLICATE,
        REFUSED
    }
}
