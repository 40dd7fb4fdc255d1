package io.leukostream.integration;

import io.leukostream.embedded.EmbeddedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How one results instance stands a large ward: patients with one FIELD specimen each, whose outcomes go straight to the
 * topics. Prints how long the reading in takes, how long the lists take over HTTP (one request after the other, after a
 * warm-up), what the state takes on disk and in memory, and how long a restart takes until it says that it is ready: after
 * an orderly end, and after SIGKILL, when it must rebuild all state from its log.
 *
 * <p>Absolute figures: they hold for the machine that they were taken on, and only while nothing else runs on it.
 *
 * <p>{@code ./mvnw -B -DskipTests package && ./mvnw -q -pl integration-tests -am test-compile dependency:build-classpath
 * -Dmdep.outputFile=target/classpath}, then {@code java -Xmx1g -Dleukostream.home=$PWD
 * -Dleukostream.registry.home=$PWD/embedded/target/registry -cp integration-tests/target/test-classes:$(cat
 * integration-tests/target/classpath) io.leukostream.integration.ScaleStudy [patients, 10000] [images of each, 5] [cells of
 * each, 100]}.
 */
public final class ScaleStudy {
    private static final int WARM_UP = 100;
    private static final int REQUESTS = 400;
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private ScaleStudy() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        int patients = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int images = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int cells = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100;
        Path folder = Files.createTempDirectory("leukostream-scale");
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder.resolve("platform"))) {
            try (ResultsInstance results = instance(platform, folder)) {
                print("ready on nothing after %.1f s", untilReady(results));
                long start = System.nanoTime();
                try (SimulatedOutcomes outcomes =
                        new SimulatedOutcomes(platform.bootstrapServers(), platform.registryUrl(), images, cells)) {
                    for (int patient = 0; patient < patients; patient++) {
                        outcomes.publish(patient);
                    }
                    outcomes.flush();
                }
                print("published %d patients with %d cells each in %.0f s", patients, images * cells, since(start));
                untilCounted(results, patients * images);
                print("all counted after %.0f s", since(start));
                latencies(results, patients);
                memory(results);
            }
            long bytes = size(folder.resolve("results/data"));
            print("state on disk %.0f MB, %.1f KB a patient", bytes / 1e6, bytes / 1e3 / patients);
            try (ResultsInstance results = instance(platform, folder)) {
                print("ready again after an orderly end: %.1f s", untilReady(results));
                results.kill();
            }
            try (ResultsInstance results = instance(platform, folder)) {
                print("ready again after SIGKILL: %.1f s", untilReady(results));
                untilCounted(results, patients * images);
                latencies(results, patients);
                memory(results);
            }
        }
    }

    private static ResultsInstance instance(EmbeddedPlatform platform, Path folder) throws IOException {
        return ResultsInstance.start(
                platform.bootstrapServers(), platform.registryUrl(), "1", folder.resolve("results"), Map.of());
    }

    private static double untilReady(ResultsInstance results) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!results.ready()) {
            if (since(start) > LIMIT.toSeconds()) {
                throw new IllegalStateException("not ready within " + LIMIT);
            }
            Thread.sleep(100);
        }
        return since(start);
    }

    private static void untilCounted(ResultsInstance results, int images) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String counted = "";
        while (!counted.equals(Integer.toString(images))) {
            if (since(start) > LIMIT.toSeconds()) {
                throw new IllegalStateException("only " + counted + " images counted within " + LIMIT);
            }
            Thread.sleep(3_000);
            counted = results.get("/api/v1/accounting")
                    .body()
                    .replaceAll("(?s)^\\{\"totals\":\\{[^}]*?\"classified\":(\\d+).*", "$1");
            print("  counted %s", counted.length() > 20 ? counted.substring(0, 20) : counted);
        }
    }

    private static void latencies(ResultsInstance results, int patients) throws InterruptedException {
        String fragment = SimulatedOutcomes.specimenId(patients / 2).substring(0, 5);
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("worklist, first page", "/api/v1/patients");
        paths.put("worklist, one state", "/api/v1/patients?state=INDETERMINATE");
        paths.put("worklist, last page", "/api/v1/patients?page=" + (patients / 50 - 1));
        paths.put("worklist, search", "/api/v1/patients?q=" + fragment);
        paths.put("worklist as a web page", "/");
        paths.put("the same, one state", "/?state=INDETERMINATE");
        paths.put("the same, search", "/?q=" + fragment);
        paths.put("alerts", "/api/v1/alerts");
        paths.put("a patient as a web page", "/patients/" + SimulatedOutcomes.patientId(patients / 2));
        paths.put("a specimen as a web page", "/specimens/" + SimulatedOutcomes.specimenId(patients / 2));
        for (Map.Entry<String, String> path : paths.entrySet()) {
            timed(results, path.getKey(), path.getValue(), WARM_UP, REQUESTS);
        }
        timed(results, "accounting", "/api/v1/accounting", 3, 20);
        timed(results, "drift", "/api/v1/drift", 3, 20);
    }

    private static void timed(ResultsInstance results, String what, String path, int warmUp, int requests)
            throws InterruptedException {
        double[] millis = new double[requests];
        for (int k = -warmUp; k < requests; k++) {
            long start = System.nanoTime();
            ResultsInstance.Answer answer = results.get(path);
            if (answer.status() != 200) {
                throw new IllegalStateException(path + ": " + answer);
            }
            if (k >= 0) {
                millis[k] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        print("%-26s median %6.1f ms, 95 %% %6.1f ms", what, millis[requests / 2], millis[(int) (0.95 * requests)]);
    }

    private static void memory(ResultsInstance results) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        new ProcessBuilder(jcmd.toString(), Long.toString(results.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        double heap = results.get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes") && line.contains("area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
        String resident = Files.readAllLines(Path.of("/proc", Long.toString(results.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("VmRSS unknown");
        print("heap in use after a collection %.0f MB, %s", heap / 1e6, resident.replaceAll("\\s+", " "));
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
