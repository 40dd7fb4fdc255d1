package io.leukostream.results.health;

import io.leukostream.results.config.ResultsConfig;
import io.leukostream.results.pipeline.PendingWatch;
import io.leukostream.results.topology.StreamsRuntime;
import io.leukostream.results.worklist.Worklist;
import io.leukostream.schemas.KeptSchemas;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Up while everything can be asked and evidence comes in: topology running, worklist read in, broker there, ids of the schemas
 * known. Whether the registry answers is told and takes nothing down: it is needed for records of other versions only.
 */
@Readiness
public class ResultsReady implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final StreamsRuntime runtime;
    private final Worklist worklist;
    private final BrokerProbe broker;
    private final PendingWatch pending;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String registryUrl;
    private final URI registry;

    ResultsReady(
            StreamsRuntime runtime, Worklist worklist, BrokerProbe broker, PendingWatch pending, ResultsConfig config) {
        this.runtime = runtime;
        this.worklist = worklist;
        this.broker = broker;
        this.pending = pending;
        this.registryUrl = config.registry().url();
        this.registry = URI.create(config.registry().url() + "/system/info");
    }

    @Override
    public HealthCheckResponse call() {
        boolean running = runtime.running();
        boolean listed = worklist.complete();
        boolean brokerThere = broker.answers();
        boolean registryThere = registryAnswers();
        boolean schemasKnown = KeptSchemas.areComplete(registryUrl);
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("results");
        Integer overdue = pending.overdue();
        Duration oldest = pending.oldest();
        if (overdue != null && oldest != null) {
            // Told, and no reason to be down: no restart of this service mends inference.
            answer.withData("imagesOverdue", overdue).withData("oldestPendingSeconds", oldest.toSeconds());
        }
        return answer.withData("topology", runtime.state())
                .withData("worklist", listed)
                .withData("broker", brokerThere)
                .withData("registry", registryThere)
                .withData("schemas", schemasKnown)
                .status(running && listed && brokerThere && schemasKnown)
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
