package io.leukostream.ingest.health;

import io.leukostream.ingest.messaging.EventLogProbe;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the schema registry answers. */
@Readiness
@Singleton
final class RegistryCheck implements HealthCheck {
    private final EventLogProbe probe;

    RegistryCheck(EventLogProbe probe) {
        this.probe = probe;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("registry").status(answers()).build();
    }

    private boolean answers() {
        try {
            return probe.registryAnswers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
