package io.leukostream.integration;

import io.leukostream.events.PatientVerdict;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.ScanAnswer;
import io.leukostream.simulator.SimulatedScanner;
import io.leukostream.simulator.SpecimenType;
import io.leukostream.simulator.Submission;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How long a STAT image takes from its 202 to its outcome, and to the verdict that counts it: first while nothing else is
 * to be done, then while inference works through a backlog of routine images. Each STAT image is of a patient and specimen
 * of its own, and the next is sent when the former has its verdict and a drawn pause is over. An outcome is there when a
 * reader of committed records has it.
 *
 * <p>The aim is the idle latency and two routine batches: the one that is at work when the image comes, and one more.
 * Figures of one run are comparable with each other only.
 *
 * <p>{@code ./mvnw -B -DskipTests install && ./mvnw -q -pl integration-tests test-compile dependency:build-classpath
 * -Dmdep.outputFile=target/classpath}, then {@code java -Dleukostream.home=$PWD -cp
 * integration-tests/target/test-classes:$(cat integration-tests/target/classpath)
 * io.leukostream.integration.StatStudy <folder of images> [STAT images, 500] [routine images, 40000]}.
 */
public final class StatStudy {
    private static final int INFERENCE_PORT = 2;
    private static final int WARM_UP = 400;
    private static final int LONGEST_PAUSE_MILLIS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String ROUTINE_LAG = "leukostream_inference_lag{lane=\"routine\"}";
    private static final String BATCHES = "leukostream_inference_batch_seconds_count{lane=\"routine\"}";
    private static final String BATCH_SECONDS = "leukostream_inference_batch_seconds_sum{lane=\"routine\"}";
    private static final String BATCH_IMAGES = "leukostream_inference_batch_images_sum{lane=\"routine\"}";

    private final RunningSystem system;
    private final List<Path> files;
    private final SimulatedScanner scanner;
    private final Random random = new Random(20_261_126L);

    private StatStudy(RunningSystem system, List<Path> files) {
        this.system = system;
        this.files = files;
        this.scanner = new SimulatedScanner(URI.create(system.ingestUrl()), 4, PATIENCE);
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        List<Path> files = SmearImages.below(Path.of(arguments[0]));
        int stat = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
        int routine = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 40_000;
        Path folder = Files.createTempDirectory("leukostream-stat");
        try (RunningSystem system = RunningSystem.start(folder.resolve("data"));
                LogWatch watch = new LogWatch(system.bootstrapServers(), system.registryUrl())) {
            new StatStudy(system, files).run(watch, stat, routine);
        }
    }

    private void run(LogWatch watch, int stat, int routine) throws Exception {
        pushRoutine("warm-up", WARM_UP);
        awaitLag(0);
        stat("warm", watch, WARM_UP / 10);
        Latencies idle = stat("idle", watch, stat);

        // Ingest takes images faster than inference works them off.
        pushRoutine("backlog", routine);
        Map<String, Double> before = metrics();
        Latencies busy = stat("busy", watch, stat);
        Map<String, Double> after = metrics();
        if (after.get(ROUTINE_LAG) == 0) {
            throw new IllegalStateException("the backlog was worked off before the last STAT image: take a larger one");
        }
        double batches = after.get(BATCHES) - before.get(BATCHES);
        double batch = (after.get(BATCH_SECONDS) - before.get(BATCH_SECONDS)) / batches;
        double images = (after.get(BATCH_IMAGES) - before.get(BATCH_IMAGES)) / batches;
        double aim = idle.outcome(0.5) + 2 * batch;
        System.out.printf(
                Locale.ROOT,
                "%d STAT images each; idle %s; beside a backlog of %d routine images, %.0f left, %s%n",
                stat,
                idle,
                routine,
                after.get(ROUTINE_LAG),
                busy);
        System.out.printf(
                Locale.ROOT,
                "routine batch: mean %.3f s of %.1f images; aim: idle median and two of them, %.3f s: kept by %.1f %%%n",
                batch,
                images,
                aim,
                100 * busy.shareWithin(aim));
        System.out.printf(
                Locale.ROOT,
                "as ratios to the idle median: outcome, idle 95 %% %.2f, busy median %.2f, 95 %% %.2f, aim %.2f; verdict,"
                        + " idle 95 %% %.2f, busy median %.2f, 95 %% %.2f%n",
                idle.outcome(0.95) / idle.outcome(0.5),
                busy.outcome(0.5) / idle.outcome(0.5),
                busy.outcome(0.95) / idle.outcome(0.5),
                aim / idle.outcome(0.5),
                idle.verdict(0.95) / idle.verdict(0.5),
                busy.verdict(0.5) / idle.verdict(0.5),
                busy.verdict(0.95) / idle.verdict(0.5));
    }

    /** Seconds from the 202, sorted. */
    private record Latencies(List<Double> outcomes, List<Double> verdicts) {
        double outcome(double share) {
            return quantile(outcomes, share);
        }

        double verdict(double share) {
            return quantile(verdicts, share);
        }

        double shareWithin(double seconds) {
            return (double) outcomes.stream().filter(each -> each <= seconds).count() / outcomes.size();
        }

        private static double quantile(List<Double> sorted, double share) {
            return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "outcome after median %.3f s, 95 %% %.3f s, at most %.3f s; verdict after median %.3f s, 95 %% %.3f s",
                    outcome(0.5),
                    outcome(0.95),
                    outcomes.getLast(),
                    verdict(0.5),
                    verdict(0.95));
        }
    }

    private Latencies stat(String run, LogWatch watch, int count) throws InterruptedException {
        List<Double> outcomes = new ArrayList<>();
        List<Double> verdicts = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            ScanAnswer answer = scanner.push(
                            List.of(submission(files.get(k % files.size()), run + "-" + k, true)), each -> {})
                    .getFirst();
            long answered = System.nanoTime();
            if (!(answer instanceof ScanAnswer.Accepted accepted)) {
                throw new IllegalStateException(answer.toString());
            }
            long decided = watch.outcome(accepted.specimenId());
            verdicts.add((watch.verdict(accepted.patientId()) - answered) / 1e9);
            outcomes.add((decided - answered) / 1e9);
            Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        }
        Collections.sort(outcomes);
        Collections.sort(verdicts);
        return new Latencies(outcomes, verdicts);
    }

    private void pushRoutine(String run, int count) throws InterruptedException {
        List<Submission> submissions = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            submissions.add(submission(files.get(k % files.size()), run + "-" + k / files.size(), false));
        }
        scanner.push(submissions, answer -> {
            if (!(answer instanceof ScanAnswer.Accepted)) {
                throw new IllegalStateException(answer.toString());
            }
        });
    }

    private static Submission submission(Path file, String patient, boolean stat) {
        return new Submission(
                file, patient, patient, SpecimenType.BONE_MARROW, ImageKind.CELL, OptionalDouble.empty(), stat);
    }

    private Map<String, Double> metrics() throws IOException, InterruptedException {
        Map<String, Double> metrics = new HashMap<>();
        for (String line : system.metrics(INFERENCE_PORT).lines().toList()) {
            int space = line.lastIndexOf(' ');
            if (!line.startsWith("#") && space > 0) {
                metrics.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            }
        }
        return metrics;
    }

    private void awaitLag(double lag) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        do {
            Thread.sleep(1_000);
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the lag stays above " + lag);
            }
        } while (metrics().get(ROUTINE_LAG) > lag);
    }

    /** Reads outcomes and verdicts as they are committed, and notes when it had them. */
    private static final class LogWatch implements AutoCloseable {
        private final Map<String, CompletableFuture<Long>> outcomes = new ConcurrentHashMap<>();
        private final Map<String, CompletableFuture<Long>> verdicts = new ConcurrentHashMap<>();
        private final KafkaConsumer<String, SpecificRecord> consumer;
        private volatile boolean closed;

        LogWatch(String bootstrapServers, String registryUrl) {
            Map<String, Object> settings = new HashMap<>(WireFormat.settings(registryUrl));
            settings.put("bootstrap.servers", bootstrapServers);
            settings.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
            settings.put("value.deserializer", "io.apicurio.registry.serde.avro.AvroKafkaDeserializer");
            settings.put("isolation.level", "read_committed");
            settings.put("fetch.max.wait.ms", 20);
            this.consumer = new KafkaConsumer<>(settings);
            List<TopicPartition> partitions = Stream.of(
                            Topic.CELL_CLASSIFICATIONS, Topic.IMAGE_REJECTIONS, Topic.PATIENT_VERDICTS)
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            Thread.ofPlatform().daemon().name("log-watch").start(this::read);
        }

        private void read() {
            while (!closed) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    long now = System.nanoTime();
                    if (!(record.value() instanceof PatientVerdict verdict)) {
                        at(outcomes, record.key()).complete(now);
                    } else if (verdict.getSpecimens().stream()
                            .anyMatch(each -> each.getImages().getClassified()
                                            + each.getImages().getRejected()
                                    > 0)) {
                        at(verdicts, record.key()).complete(now);
                    }
                });
            }
            consumer.close();
        }

        private static CompletableFuture<Long> at(Map<String, CompletableFuture<Long>> of, String key) {
            return of.computeIfAbsent(key, _ -> new CompletableFuture<>());
        }

        /** When the first outcome of a specimen was there, in nanoseconds. */
        long outcome(String specimenId) {
            return at(outcomes, specimenId)
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }

        /** When the first verdict of a patient that counts an image was there. */
        long verdict(String patientId) {
            return at(verdicts, patientId)
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }

        @Override
        public void close() {
            // Its thread closes the consumer; the process ends soon after.
            closed = true;
        }
    }
}
