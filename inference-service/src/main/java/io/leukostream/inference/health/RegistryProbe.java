package io.leukostream.inference.health;

import io.leukostream.inference.config.InferenceConfig;
import io.leukostream.schemas.KeptSchemas;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the registry has told the ids of this version's schemas. From then on it is needed for other versions' records
 * only, and whether it answers is told and takes nothing down.
 */
@Readiness
@ApplicationScoped
class RegistryProbe implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient client = HttpClient.newHttpClient();
    private final String registryUrl;
    private final String url;

    RegistryProbe(InferenceConfig config) {
        this.registryUrl = config.registry().url();
        this.url = config.registry().url() + "/system/info";
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("registry")
                .withData("answers", answers())
                .status(KeptSchemas.areComplete(registryUrl))
                .build();
    }

    private boolean answers() {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
