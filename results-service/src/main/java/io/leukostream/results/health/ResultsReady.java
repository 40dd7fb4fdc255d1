package io.leukostream.results.health;

import io.leukostream.results.config.ResultsConfig;
import io.leukostream.results.topology.StreamsRuntime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up while the stores can be asked and evidence comes in: topology running, broker and registry there. */
@Readiness
public class ResultsReady implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final StreamsRuntime runtime;
    private final BrokerProbe broker;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI registry;

    ResultsReady(StreamsRuntime runtime, BrokerProbe broker, ResultsConfig config) {
        this.runtime = runtime;
        this.broker = broker;
        this.registry = URI.create(config.registry().url() + "/system/info");
    }

    @Override
    public HealthCheckResponse call() {
        boolean running = runtime.running();
        boolean brokerThere = broker.answers();
        boolean registryThere = registryAnswers();
        return HealthCheckResponse.named("results")
                .withData("topology", runtime.state())
                .withData("broker", brokerThere)
                .withData("registry", registryThere)
                .status(running && brokerThere && registryThere)
                .build();
    }

    private boolean registryAnswers() {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(registry).timeout(TIMEOUT).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
