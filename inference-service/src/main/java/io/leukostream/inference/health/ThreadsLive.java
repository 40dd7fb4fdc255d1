package io.leukostream.inference.health;

import io.leukostream.inference.assembly.InferenceService;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Live while the threads of lanes and workers are; one that died does not come back without a new process. */
@Liveness
@ApplicationScoped
class ThreadsLive implements HealthCheck {
    private final InferenceService service;

    ThreadsLive(InferenceService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        boolean lanes =
                service.running().map(running -> running.lanes().isAlive()).orElse(true);
        boolean workers =
                service.running().map(running -> running.workbench().isAlive()).orElse(true);
        return HealthCheckResponse.named("threads")
                .withData("lanes", lanes)
                .withData("workers", workers)
                .status(lanes && workers)
                .build();
    }
}
