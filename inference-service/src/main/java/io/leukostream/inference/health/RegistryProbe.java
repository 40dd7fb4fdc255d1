package io.leukostream.inference.health;

import io.leukostream.inference.config.InferenceConfig;
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

/** Ready while the schema registry answers. */
@Readiness
@ApplicationScoped
class RegistryProbe implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    RegistryProbe(InferenceConfig config) {
        this.url = config.registry().url() + "/system/info";
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("registry").status(answers()).build();
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
