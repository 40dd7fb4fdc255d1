package io.leukostream.ingest.config;

import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.intake.PatientChanges;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finishes in the background what a process that died had begun: merges not published, files not cleaned. */
@Singleton
final class UnfinishedWork {
    private static final Logger LOG = Logger.getLogger(UnfinishedWork.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

    private @Nullable Thread thread;

    void begin(@Observes StartupEvent start, PatientChanges changes) {
        thread = Thread.ofVirtual().name("unfinished-work").start(() -> finish(changes));
    }

    void end(@Observes ShutdownEvent stop) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private static void finish(PatientChanges changes) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                changes.finish();
                return;
            } catch (UnavailableException e) {
                LOG.warnf("what an earlier process left undone has to wait: %s: %s", e.code(), e.getMessage());
            }
            try {
                Thread.sleep(BETWEEN_TRIES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
