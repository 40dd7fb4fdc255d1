package io.leukostream.inference;

import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.SmearImage;
import io.leukostream.inference.messaging.Wire;
import io.leukostream.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The packaged service against an embedded broker, in one run with {@link BareLoopBenchmark} on the same files and cores:
 * first the time from sending one image to its committed outcome on an idle system, then images per second of a backlog
 * from the first to the last commit, while the broker shares the cores. Every image must have its outcome. The time is
 * not comparable with that of a whole deployment, where ingest and results share the cores too.
 *
 * <p>After {@code package}, with the {@code CLASSPATH} of the bare loop: {@code java
 * -Dleukostream.registry.home=../embedded/target/registry io.leukostream.inference.PipelineBenchmark <folder of images>
 * [images, 6000]}.
 */
public final class PipelineBenchmark {
    private static final int SINGLES = 40;

    private PipelineBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        List<byte[]> files = BareLoopBenchmark.files(Path.of(arguments[0]));
        int images = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 6000;
        Path folder = Files.createTempDirectory("inference-benchmark");
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder.resolve("platform"));
                Wire wire = new Wire(platform)) {
            int port = EmbeddedPlatform.freePort();
            Process service = start(platform, port, folder);
            try {
                latency(wire, files);
                stop(service);
                for (int from = 0; from < images; from += 500) {
                    List<SmearImage> some = new ArrayList<>();
                    for (int k = from; k < Math.min(images, from + 500); k++) {
                        byte[] file = files.get(k % files.size());
                        some.add(Wire.image(
                                        "S-THRU0000", "CELL", Arrays.copyOf(file, file.length + 1 + k / files.size()))
                                .build());
                    }
                    wire.sendMany(Topic.SMEAR_IMAGES, some);
                }
                service = start(platform, port, folder);
                throughput(wire, images, service);
            } finally {
                stop(service);
            }
        }
        BareLoopBenchmark.main(new String[] {arguments[0], "20", "1"});
        BareLoopBenchmark.main(new String[] {arguments[0], "20", "8"});
    }

    private static void latency(Wire wire, List<byte[]> files) throws InterruptedException {
        for (int k = 0; k < SINGLES; k++) {
            byte[] file = files.get(k % files.size());
            wire.send(
                    Topic.SMEAR_IMAGES,
                    Wire.image("S-SING0000", "CELL", Arrays.copyOf(file, file.length + 3))
                            .build());
            Thread.sleep(300);
        }
        List<Long> millis = new ArrayList<>();
        for (ConsumerRecord<String, ImageClassified> outcome : outcomes(wire, "S-SING0000")) {
            millis.add(outcome.value().getClassifiedAt().toEpochMilli()
                    - outcome.value().getReceivedAt().toEpochMilli());
        }
        if (millis.size() != SINGLES) {
            throw new IllegalStateException(millis.size() + " outcomes of " + SINGLES + " images");
        }
        System.out.printf(
                "one image on an idle system, from sending to its transaction: first %d ms, median %d ms, longest %d ms%n",
                millis.getFirst(),
                millis.stream().sorted().toList().get(SINGLES / 2),
                millis.stream().mapToLong(m -> m).max().orElseThrow());
    }

    private static void throughput(Wire wire, int images, Process service) throws InterruptedException {
        double warmCpuSeconds = cpuSeconds(service);
        int before = outcomes(wire, "S-THRU0000").size();
        List<ConsumerRecord<String, ImageClassified>> outcomes = List.of();
        while (outcomes.size() < images) {
            Thread.sleep(2000);
            outcomes = outcomes(wire, "S-THRU0000");
        }
        long[] at = outcomes.stream()
                .mapToLong(outcome -> outcome.value().getClassifiedAt().toEpochMilli())
                .sorted()
                .toArray();
        long tenth = at[at.length / 10];
        double seconds = (at[at.length - 1] - tenth) / 1e3;
        long counted = Arrays.stream(at).filter(t -> t > tenth).count();
        System.out.printf(
                "pipeline: %.0f images/s over the last %d of %d; %.2f ms of processor time an image in the service%n",
                counted / seconds, counted, images, (cpuSeconds(service) - warmCpuSeconds) * 1e3 / (images - before));
    }

    private static List<ConsumerRecord<String, ImageClassified>> outcomes(Wire wire, String specimen) {
        return wire.all(Topic.CELL_CLASSIFICATIONS, ImageClassified.class).stream()
                .filter(outcome -> outcome.key().equals(specimen))
                .toList();
    }

    private static double cpuSeconds(Process process) {
        return process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    private static Process start(EmbeddedPlatform platform, int port, Path folder)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-jar",
                "target/quarkus-app/quarkus-run.jar");
        builder.environment()
                .putAll(Map.of(
                        "LEUKOSTREAM_KAFKA_BOOTSTRAP_SERVERS", platform.bootstrapServers(),
                        "LEUKOSTREAM_REGISTRY_URL", platform.registryUrl(),
                        "LEUKOSTREAM_HTTP_PORT", Integer.toString(port),
                        "LEUKOSTREAM_DATA", folder.resolve("data").toString()));
        builder.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        long began = System.nanoTime();
        Process service = builder.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                    .build();
            while (status(client, ready) != 200) {
                if (!service.isAlive()) {
                    throw new IllegalStateException("the service ended: " + Files.readString(folder.resolve("log")));
                }
                Thread.sleep(100);
            }
        }
        System.out.printf("ready after %.1f s, log in %s%n", (System.nanoTime() - began) / 1e9, folder);
        return service;
    }

    private static int status(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    private static void stop(Process service) throws InterruptedException {
        if (service.isAlive()) {
            long began = System.nanoTime();
            service.destroy();
            if (!service.waitFor(20, TimeUnit.SECONDS)) {
                service.destroyForcibly().waitFor();
            }
            System.out.printf("stopped after %.1f s%n", (System.nanoTime() - began) / 1e9);
        }
    }
}
