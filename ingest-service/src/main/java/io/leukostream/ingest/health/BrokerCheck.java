package io.leukostream.ingest.health;

import io.leukostream.ingest.messaging.EventLogProbe;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while a Kafka broker answers. */
@Readiness
@Singleton
final class BrokerCheck implements HealthCheck {
    private final EventLogProbe probe;

    BrokerCheck(EventLogProbe probe) {
        this.probe = probe;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("broker").status(answers()).build();
    }

    private boolean answers() {
        try {
            return probe.brokerAnswers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
