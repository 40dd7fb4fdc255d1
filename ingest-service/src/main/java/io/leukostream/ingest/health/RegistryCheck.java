package io.leukostream.ingest.health;

import io.leukostream.ingest.messaging.EventLogProbe;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the registry has told the ids of this version's schemas. From then on it is not needed to take images in, and
 * whether it answers is told and takes nothing down.
 */
@Readiness
@Singleton
final class RegistryCheck implements HealthCheck {
    private final EventLogProbe probe;

    RegistryCheck(EventLogProbe probe) {
        this.probe = probe;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("registry")
                .withData("answers", answers())
                .status(probe.schemasAreKnown())
                .build();
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
