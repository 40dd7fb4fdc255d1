package io.leukostream.results.health;

import io.leukostream.results.topology.StreamsRuntime;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Down when the topology has died: only a new process helps. */
@Liveness
public class TopologyLives implements HealthCheck {
    private final StreamsRuntime runtime;

    TopologyLives(StreamsRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("topology")
                .withData("state", runtime.state())
                .status(!runtime.dead())
                .build();
    }
}
