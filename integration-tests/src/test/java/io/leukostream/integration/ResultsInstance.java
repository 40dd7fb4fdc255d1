package io.leukostream.integration;

import io.leukostream.embedded.EmbeddedPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One instance of the built results-service in a process of its own. */
final class ResultsInstance implements AutoCloseable {
    private static final Path HOME = Path.of(System.getProperty("leukostream.home"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Process process;
    private final int port;
    private final Path log;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();

    private ResultsInstance(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts one; it is not ready yet.
     *
     * @param folder where it keeps its state and its log
     * @param environment what it is told beyond where broker and registry are
     */
    static ResultsInstance start(
            String bootstrapServers, String registryUrl, String name, Path folder, Map<String, String> environment)
            throws IOException {
        Files.createDirectories(folder);
        int port = EmbeddedPlatform.freePort();
        Path log = folder.resolve("log");
        ProcessBuilder service = new ProcessBuilder(new ArrayList<>(List.of(
                        JAVA.toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx768m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        HOME.resolve("results-service/target/quarkus-app/quarkus-run.jar")
                                .toString())))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        service.environment()
                .putAll(Map.of(
                        "LEUKOSTREAM_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers,
                        "LEUKOSTREAM_REGISTRY_URL", registryUrl,
                        "LEUKOSTREAM_HTTP_PORT", Integer.toString(port),
                        "LEUKOSTREAM_INSTANCE", name,
                        "LEUKOSTREAM_DATA", folder.resolve("data").toString()));
        service.environment().putAll(environment);
        return new ResultsInstance(service.start(), port, log);
    }

    /** What it answers, whatever that is; 0 where nothing answers. */
    record Answer(int status, String body) {}

    Answer get(String path) throws InterruptedException {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(ANSWER)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, String.valueOf(e.getMessage()));
        }
    }

    Answer post(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(ANSWER)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    /** Whether it says that it is ready; fails at once where its process has ended. */
    boolean ready() throws InterruptedException, IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the results ended: " + Files.readString(log));
        }
        return get("/q/health/ready").status() == 200;
    }

    long pid() {
        return process.pid();
    }

    /** Ends it with SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it as a deployment does. */
    @Override
    public void close() {
        client.shutdownNow();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
