package io.leukostream.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.schemas.Identity;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Reads verdicts, images and alerts. */
public final class ResultsClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Endpoints endpoints;

    /** A client of the system behind these addresses. */
    public ResultsClient(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /**
     * The code of a patient: of a submitted identifier as the vault knows it; a code stands for itself.
     *
     * @return empty if the vault does not know the identifier
     */
    public Optional<String> patientId(String patient) throws Unreachable, InterruptedException {
        if (Identity.isPatientId(patient)) {
            return Optional.of(patient);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoints.ingest() + "/api/v1/patients/resolve"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json(Map.of("patient", patient))))
                .build();
        return answer(request).map(found -> found.path("patientId").asText());
    }

    /** The patient's verdict as JSON; empty if there is none. */
    public Optional<JsonNode> verdict(String patientId) throws Unreachable, InterruptedException {
        return get("/api/v1/patients/" + patientId + "/verdict");
    }

    /** What became of an image, as JSON; empty if it is not known yet. */
    public Optional<JsonNode> image(String imageId) throws Unreachable, InterruptedException {
        return get("/api/v1/images/" + imageId);
    }

    /**
     * What would differ with a bundle that ran as a shadow, as JSON; empty if none such did.
     *
     * @param bundle its name/version or the beginning of its SHA-256; empty where only one ran
     */
    public Optional<JsonNode> comparison(String bundle) throws Unreachable, InterruptedException {
        return get("/api/v1/shadow/comparison?bundle=" + URLEncoder.encode(bundle, StandardCharsets.UTF_8));
    }

    /** The alerts as JSON, newest last. */
    public JsonNode alerts() throws Unreachable, InterruptedException {
        return get("/api/v1/alerts").orElseThrow(() -> new Unreachable("results has no list of alerts"));
    }

    /**
     * Reads the live stream until it ends.
     *
     * @param consumer gets each event's name and JSON
     */
    public void stream(BiConsumer<String, JsonNode> consumer) throws Unreachable, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoints.results() + "/api/v1/stream"))
                .header("Accept", "text/event-stream")
                .build();
        try {
            HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            EventParser parser = new EventParser(consumer);
            try (Stream<String> lines = response.body()) {
                lines.forEach(parser::line);
            }
        } catch (IOException e) {
            throw new Unreachable("The live stream of " + endpoints.results() + " broke", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private Optional<JsonNode> get(String path) throws Unreachable, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create(endpoints.results() + path))
                .timeout(TIMEOUT)
                .build());
    }

    private Optional<JsonNode> answer(HttpRequest request) throws Unreachable, InterruptedException {
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() == 404) {
                return Optional.empty();
            }
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new Unreachable(request.uri() + " answered " + response.statusCode() + ": "
                        + body.path("detail").asText(body.path("title").asText()));
            }
            return Optional.of(body);
        } catch (IOException e) {
            throw new Unreachable("Nothing answers at " + request.uri() + "; is Leukostream up?", e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new IllegalStateException("a map of strings is always JSON", e);
        }
    }

    /** Puts the lines of a server-sent event together. */
    private static final class EventParser {
        private final BiConsumer<String, JsonNode> consumer;
        private final StringBuilder data = new StringBuilder();
        private String name = "message";

        EventParser(BiConsumer<String, JsonNode> consumer) {
            this.consumer = consumer;
        }

        void line(String line) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    consumer.accept(name, parsed());
                }
                data.setLength(0);
                name = "message";
            } else if (line.startsWith("event:")) {
                name = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring("data:".length()).strip());
            }
        }

        private JsonNode parsed() {
            try {
                return JSON.readTree(data.toString());
            } catch (IOException e) {
                throw new IllegalStateException("an event that is not JSON: " + data, e);
            }
        }
    }
}
