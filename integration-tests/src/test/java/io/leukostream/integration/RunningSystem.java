package io.leukostream.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.ScanAnswer;
import io.leukostream.simulator.SimulatedScanner;
import io.leukostream.simulator.SpecimenType;
import io.leukostream.simulator.Submission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The whole system as a user starts it: the leukostream program in processes of its own, on free ports. */
final class RunningSystem implements AutoCloseable {
    /** What a command printed. */
    record Answer(int status, String out, String err) {
        JsonNode json() throws IOException {
            return JSON.readTree(out.lines().reduce((first, last) -> last).orElseThrow());
        }
    }

    /** Something that is done while a component is halted. */
    interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path HOME = Path.of(System.getProperty("leukostream.home"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(6);

    private final Path data;
    private final int portBase;
    private final Map<String, String> environment;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningSystem(Path data, int portBase, Map<String, String> environment) {
        this.data = data;
        this.portBase = portBase;
        this.environment = environment;
    }

    /** Starts it on an empty folder and returns when it is ready. */
    static RunningSystem start(Path data) throws IOException, InterruptedException {
        return start(data, Map.of());
    }

    /** Starts it on an empty folder, with variables beside those of this process, and returns when it is ready. */
    static RunningSystem start(Path data, Map<String, String> environment) throws IOException, InterruptedException {
        RunningSystem system = new RunningSystem(data, freePortBase(), environment);
        system.up();
        return system;
    }

    /** Starts it again on its folder. */
    void up() throws IOException, InterruptedException {
        Answer answer = run(
                environment,
                "up",
                "--detach",
                "--no-demo",
                "--data",
                data.toString(),
                "--port-base",
                Integer.toString(portBase));
        if (answer.status() != 0
                || !answer.out().strip().endsWith("Leukostream is ready: http://127.0.0.1:" + portBase)) {
            throw new IllegalStateException("up failed: " + answer);
        }
    }

    /** Runs a command that takes {@code --data}. */
    Answer command(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        return run(all.toArray(String[]::new));
    }

    /** Ends a component with SIGKILL. */
    void kill(String component) throws IOException {
        ProcessHandle.of(pid(component)).orElseThrow().destroyForcibly();
    }

    /**
     * Does something while a component is halted.
     *
     * @return whether it was halted all the time: a process that is killed meanwhile, or on its way back, is not
     */
    boolean whileHalted(String component, Task task) throws IOException, InterruptedException {
        long pid = pid(component);
        boolean isHalted = signal("STOP", pid);
        try {
            task.run();
        } finally {
            isHalted &= signal("CONT", pid);
        }
        return isHalted;
    }

    private static boolean signal(String name, long pid) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** The process of a component, as the supervisor wrote it down when it started it last. */
    long pid(String component) throws IOException {
        for (JsonNode node :
                JSON.readTree(data.resolve("supervisor.json").toFile()).path("children")) {
            if (node.path("name").asText().equals(component)) {
                return node.path("pid").asLong();
            }
        }
        throw new IllegalStateException("the supervisor has no " + component);
    }

    /** The supervisor's process, and those of all its children. */
    List<Long> allPids() throws IOException {
        JsonNode state = JSON.readTree(data.resolve("supervisor.json").toFile());
        List<Long> pids = new ArrayList<>(List.of(state.path("pid").asLong()));
        state.path("children").forEach(child -> pids.add(child.path("pid").asLong()));
        return pids;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(path);
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** What a service measures, in Prometheus' text form. */
    String metrics(int portOffset) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + (portBase + portOffset) + "/q/metrics"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + portBase + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What a GET answers. */
    String body(String address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The status of a GET. */
    int statusOf(String address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    HttpResponse<String> post(String path, Object body) throws IOException, InterruptedException {
        return postTo(url() + path, body);
    }

    HttpResponse<String> postToIngest(String path, Object body) throws IOException, InterruptedException {
        return postTo(ingestUrl() + path, body);
    }

    private HttpResponse<String> postTo(String address, Object body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Pushes one CELL image over HTTP, without the program's start-up time, and gives its specimen's code. */
    String push(Path file, String patient) throws InterruptedException {
        Submission submission = new Submission(
                file, patient, patient, SpecimenType.BONE_MARROW, ImageKind.CELL, OptionalDouble.empty(), false);
        try (SimulatedScanner scanner = new SimulatedScanner(URI.create(ingestUrl()), 1, Duration.ofSeconds(30))) {
            return switch (scanner.push(List.of(submission), answer -> {}).getFirst()) {
                case ScanAnswer.Accepted accepted -> accepted.specimenId();
                case ScanAnswer.Refused refused -> throw new IllegalStateException(refused.toString());
                case ScanAnswer.Failed failed -> throw new IllegalStateException(failed.toString());
            };
        }
    }

    /** Whether a specimen's verdict counts so many outcomes. */
    boolean counts(String specimenId, int outcomes) throws IOException, InterruptedException {
        return imagesOf(specimenId).path("classified").asInt() == outcomes;
    }

    /** What the verdict of a specimen counts; nothing while results does not know the specimen yet. */
    JsonNode imagesOf(String specimenId) throws IOException, InterruptedException {
        HttpResponse<String> response = send("/api/v1/specimens/" + specimenId);
        return response.statusCode() == 200 ? JSON.readTree(response.body()).path("images") : MissingNode.getInstance();
    }

    /** Where its data lie. */
    Path data() {
        return data;
    }

    String url() {
        return "http://127.0.0.1:" + portBase;
    }

    /** What a Kafka client connects to. */
    String bootstrapServers() {
        return "127.0.0.1:" + (portBase + 12);
    }

    String ingestUrl() {
        return "http://127.0.0.1:" + (portBase + 1);
    }

    String registryUrl() {
        return "http://127.0.0.1:" + (portBase + 5) + "/apis/registry/v3";
    }

    /** Stops it; the folder stays. */
    @Override
    public void close() throws IOException {
        client.shutdownNow();
        try {
            command("down");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until something holds, and fails when it does not in time. */
    static void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
            }
            Thread.sleep(100);
        }
    }

    static Answer run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    private static Answer run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                JAVA.toString(),
                "-Dleukostream.home=" + HOME,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                HOME.resolve("standalone/target/classes") + ":" + HOME.resolve("standalone/target/lib") + "/*",
                "io.leukostream.standalone.Leukostream"));
        command.addAll(List.of(arguments));
        return run(command, environment);
    }

    /** Runs a program to its end, with this in its environment beside this process's own. */
    static Answer run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        Path out = Files.createTempFile("leukostream", ".out");
        Path err = Files.createTempFile("leukostream", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(COMMAND_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end of " + command + ": " + Files.readString(err));
            }
            return new Answer(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    // Fourteen ports in a row: look for a base whose outermost and broker ports are free.
    private static int freePortBase() throws IOException {
        while (true) {
            int base;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                base = socket.getLocalPort() - 7;
            }
            if (areFree(base, base + 1, base + 2, base + 5, base + 12, base + 13)) {
                return base;
            }
        }
    }

    private static boolean areFree(int... ports) {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (!socket.isBound()) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
