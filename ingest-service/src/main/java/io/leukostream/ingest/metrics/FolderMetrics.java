package io.leukostream.ingest.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the files of a watched folder. */
@Singleton
public final class FolderMetrics {
    private final MeterRegistry registry;
    private final AtomicLong waiting = new AtomicLong();

    /** Counts into a registry. */
    public FolderMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("leukostream.ingest.folder.waiting", waiting, AtomicLong::get)
                .description("Files in the watched folder that are not taken yet")
                .register(registry);
    }

    /** So many files wait at the moment. */
    public void waiting(long files) {
        waiting.set(files);
    }

    /** A file was taken, to be decided about. */
    public void seen() {
        registry.counter("leukostream.ingest.folder.seen").increment();
    }

    /** A file was decided about. */
    public void decided(FolderOutcome outcome) {
        registry.counter(
                        "leukostream.ingest.folder.files",
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** What can come of a file. */
    public enum FolderOutcome {
        ACCEPTED,
        DUPLICATE,
        REFUSED
    }
}
