package io.leukostream.integration;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How fast the running system classifies CELL images, as a ratio to inference's bare loop ({@code BareLoopBenchmark}) on
 * the same images and machine, the bare loop run before and after; and how long one image takes from its first byte to
 * the verdict that counts it, on an idle warm system. For the throughput the inference process is halted (SIGSTOP) while
 * the images are pushed, so that a backlog is measured and not the scanner; broker, registry, ingest and results run on
 * and share the cores. The first tenth of the backlog is left out: in it the consumer rejoins its group.
 *
 * <p>Not comparable with figures of another run or machine; only the ratio is.
 *
 * <p>{@code ./mvnw -B -DskipTests install && ./mvnw -q -pl inference-service,integration-tests test-compile
 * dependency:build-classpath -Dmdep.outputFile=target/classpath}, then {@code java -Dleukostream.home=$PWD -cp
 * integration-tests/target/test-classes:$(cat integration-tests/target/classpath)
 * io.leukostream.integration.ThroughputStudy <folder of images> [images, 2000]}.
 */
public final class ThroughputStudy {
    private static final int WARM_UP = 800;
    private static final int SINGLE_IMAGES = 30;
    private static final int BARE_SECONDS = 20;

    private ThroughputStudy() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Path source = Path.of(arguments[0]);
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
        Path folder = Files.createTempDirectory("leukostream-throughput");
        List<Path> files = new ArrayList<>(SmearImages.below(source));
        Collections.shuffle(files, new Random(1));
        if (files.size() < WARM_UP + count + SINGLE_IMAGES) {
            throw new IllegalArgumentException("too few images in " + source + ": " + files.size());
        }
        try (RunningSystem system = RunningSystem.start(folder.resolve("data"))) {
            scan(system, "warm-up", files.subList(0, WARM_UP), true);
            double before = bareLoop(source);
            double pipeline = backlog(system, files.subList(WARM_UP, WARM_UP + count));
            double after = bareLoop(source);
            double bare = (before + after) / 2;
            System.out.printf(
                    Locale.ROOT,
                    "pipeline %.0f images/s, bare loop %.0f before and %.0f after: ratio %.2f%n",
                    pipeline,
                    before,
                    after,
                    pipeline / bare);
            singles(system, files.subList(WARM_UP + count, WARM_UP + count + SINGLE_IMAGES));
        }
    }

    private static double backlog(RunningSystem system, List<Path> files) throws IOException, InterruptedException {
        List<String> imageIds = new ArrayList<>();
        if (!system.whileHalted("inference", () -> imageIds.addAll(scan(system, "backlog", files, false)))) {
            throw new IllegalStateException("inference was not halted while the backlog was made");
        }
        // One look a second, from this process: a watcher must not take the cores from what it watches.
        String specimenId = imageIds.getFirst().substring(0, imageIds.getFirst().indexOf('.'));
        while (!system.counts(specimenId, imageIds.size())) {
            Thread.sleep(1000);
        }
        List<Instant> decided = new ArrayList<>();
        for (String imageId : imageIds) {
            JsonNode image = system.get("/api/v1/images/" + imageId);
            decided.add(Instant.parse(image.path("decidedAt").asText()));
        }
        Collections.sort(decided);
        int start = decided.size() / 10;
        Duration took = Duration.between(decided.get(start), decided.getLast());
        return (decided.size() - 1 - start) / (took.toNanos() / 1e9);
    }

    private static void singles(RunningSystem system, List<Path> files) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (Path file : files) {
            long start = System.nanoTime();
            String specimenId = system.push(file, "single-" + seconds.size());
            while (!system.counts(specimenId, 1)) {
                Thread.sleep(5);
            }
            seconds.add((System.nanoTime() - start) / 1e9);
        }
        Collections.sort(seconds);
        System.out.printf(
                Locale.ROOT,
                "one image to its verdict: median %.2f s, 95 %% %.2f s of %d%n",
                seconds.get(seconds.size() / 2),
                seconds.get((int) (0.95 * seconds.size())),
                seconds.size());
    }

    private static List<String> scan(RunningSystem system, String patient, List<Path> files, boolean wait)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("scan"));
        files.forEach(file -> arguments.add(file.toString()));
        arguments.addAll(List.of(
                "--patient", patient, "--specimen", patient, "--kind", "cell", "--json", "--url", system.url()));
        if (wait) {
            arguments.add("--wait");
        }
        RunningSystem.Answer answer = RunningSystem.run(arguments.toArray(String[]::new));
        if (answer.status() != 0) {
            throw new IllegalStateException(answer.toString());
        }
        List<String> imageIds = new ArrayList<>();
        answer.json()
                .path("images")
                .forEach(image -> imageIds.add(image.path("imageId").asText()));
        return imageIds;
    }

    private static double bareLoop(Path images) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("leukostream.home"));
        Path service = home.resolve("inference-service");
        ProcessBuilder bare = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "io.leukostream.inference.BareLoopBenchmark",
                        images.toAbsolutePath().toString(),
                        Integer.toString(BARE_SECONDS))
                .directory(service.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // Not on the command line: ONNX Runtime 1.29 ends with a segmentation fault where that is very long.
        String libraries = Files.readString(service.resolve("target/classpath")).strip();
        bare.environment()
                .put(
                        "CLASSPATH",
                        service.resolve("target/test-classes") + ":" + service.resolve("target/classes") + ":"
                                + libraries);
        Process process = bare.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the bare loop failed: " + out);
        }
        return Double.parseDouble(out.replaceAll("(?s).*bare loop: (\\d+) images/s.*", "$1"));
    }
}
