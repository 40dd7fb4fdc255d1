package io.leukostream.inference.health;

import io.leukostream.inference.assembly.InferenceService;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the model is warm and both lanes have joined their groups. */
@Readiness
@ApplicationScoped
class LanesReady implements HealthCheck {
    private final InferenceService service;

    LanesReady(InferenceService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        boolean warm = service.running().isPresent();
        boolean joined =
                service.running().map(running -> running.lanes().isJoined()).orElse(false);
        return HealthCheckResponse.named("lanes")
                .withData("modelWarm", warm)
                .withData("lanesJoined", joined)
                .status(warm && joined)
                .build();
    }
}
