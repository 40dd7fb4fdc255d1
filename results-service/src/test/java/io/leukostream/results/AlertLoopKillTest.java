package io.leukostream.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.events.AlertDelivery;
import io.leukostream.events.AlertEvent;
import io.leukostream.events.PatientVerdict;
import io.leukostream.results.Ward.Sent;
import io.leukostream.results.notification.WebhookReceiver;
import io.leukostream.results.notification.WebhookReceiver.Posted;
import io.leukostream.results.topology.LogReader;
import io.leukostream.results.topology.RegistrySerdes;
import io.leukostream.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ends the process that makes and tells alerts with SIGKILL between each two steps of an alert, on a real broker. The
 * process holds the topology and the couriers, without the web; what is told on the topic, and to a webhook that refuses
 * at first, is looked at from outside.
 */
@Timeout(400)
class AlertLoopKillTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Ward WARD = new Ward("P-KAAA1111", "S-KAAA1111", "BONE_MARROW");
    private static final Ward OTHER = new Ward("P-KBBB2222", "S-KBBB2222", "BONE_MARROW");
    private static final String ALERT = "P-KAAA1111.1";

    @TempDir
    static Path folder;

    private static EmbeddedPlatform platform;

    private Process process;
    private Duration timeToAcknowledge = Duration.ofHours(1);

    @BeforeAll
    static void startPlatform() throws Exception {
        platform = EmbeddedPlatform.start(folder.resolve("platform"));
    }

    @AfterAll
    static void stopPlatform() {
        platform.close();
    }

    private void start(WebhookReceiver receiver) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TopologyProcess.class.getName(),
                        platform.bootstrapServers(),
                        platform.registryUrl(),
                        folder.resolve("state").toString(),
                        receiver.url().toString(),
                        WebhookReceiver.SECRET,
                        timeToAcknowledge.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(Files.createDirectories(Path.of("target"))
                        .resolve("kill-test.log")
                        .toFile()))
                .start();
    }

    private void kill() throws InterruptedException {
        process.destroyForcibly();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS), "SIGKILL ends a process");
    }

    @Test
    void aKillBetweenEachTwoStepsLosesDoublesAndReordersNothing() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver(3);
                Log log = new Log()) {
            // Given: how long a start takes here, so that the alert is notified before it is due
            long beginning = System.nanoTime();
            start(receiver);
            log.send(OTHER.registration());
            log.send(OTHER.classified(1, false));
            log.await("a first verdict", () -> log.verdicts() > 0);
            kill();
            Duration toStart = Duration.ofNanos(System.nanoTime() - beginning);
            timeToAcknowledge = toStart.multipliedBy(3).dividedBy(2).plusSeconds(10);
            Instant raising = Instant.now();
            log.send(WARD.registration());
            WARD.images(60, 60).forEach(log::send);

            // When: raised, while the webhook refuses
            start(receiver);
            log.await("raised", () -> log.states().contains("RAISED"));
            log.await("refused", () -> !receiver.posted().isEmpty());
            kill();
            // notified, once the webhook's retries got through
            start(receiver);
            log.await("notified", () -> log.states().contains("NOTIFIED"));
            kill();
            // escalated at its time, and the second rung's time passes while nothing runs
            start(receiver);
            log.await("escalated", () -> log.rungs() == 1);
            kill();
            Thread.sleep(TopologyProcess.SECOND_RUNG);
            start(receiver);
            log.await("escalated further", () -> log.rungs() == 2);
            kill();
            // acknowledged and closed while nothing runs
            log.send(WARD.acknowledgement(1, "Dr Ada", now()));
            start(receiver);
            log.await("acknowledged", () -> log.states().contains("ACKNOWLEDGED"));
            kill();
            log.send(WARD.closure(1, "Dr Ada", "Seen.", now()));
            start(receiver);
            log.await("closed", () -> log.states().contains("CLOSED"));
            kill();
            // and once more, with more of the same evidence
            WARD.images(70, 70).stream().skip(120).forEach(log::send);
            start(receiver);
            log.await("told", () -> !receiver.posted(ALERT + ".CLOSED").isEmpty());
            log.await("seen", () -> log.verdicts() >= 70);
            log.await(
                    "noted",
                    () -> log.deliveries().stream()
                            .anyMatch(each -> each.getAlertState().equals("CLOSED")));
            log.readFor(Duration.ofSeconds(2));
            kill();

            // Then: complete, in order, free of repeats
            List<AlertEvent> events = log.alerts();
            assertEquals(
                    List.of("1 RAISED", "2 NOTIFIED", "3 ESCALATED", "4 ESCALATED", "5 ACKNOWLEDGED", "6 CLOSED"),
                    events.stream()
                            .map(event -> event.getStep() + " " + event.getState())
                            .toList());
            Instant dueAt = events.getFirst().getDueAt();
            assertFalse(dueAt.isBefore(raising.truncatedTo(ChronoUnit.MILLIS).plus(timeToAcknowledge)));
            assertFalse(events.get(2).getAt().isBefore(dueAt), "not before its time");
            assertFalse(events.get(3).getAt().isBefore(dueAt.plus(TopologyProcess.SECOND_RUNG)));

            // Then: the webhook got every step, each repeat under its id and word for word
            Set<String> ids = new HashSet<>();
            for (Posted posted : receiver.posted()) {
                ids.add(posted.id());
                assertTrue(posted.isSignedBy(WebhookReceiver.SECRET), posted.body());
                assertEquals(receiver.posted(posted.id()).getFirst().body(), posted.body());
            }
            assertEquals(
                    Set.of(
                            ALERT + ".RAISED",
                            ALERT + ".ESCALATED.1",
                            ALERT + ".ESCALATED.2",
                            ALERT + ".ACKNOWLEDGED",
                            ALERT + ".CLOSED"),
                    ids);
            assertTrue(receiver.posted(ALERT + ".RAISED").size() >= 4, "three were refused");
            assertContiguous(log.deliveries());
        }
    }

    /** The attempts of a step are numbered over the deaths of the process, and end with the one that got through. */
    private static void assertContiguous(List<AlertDelivery> deliveries) {
        Map<String, List<AlertDelivery>> byId = new TreeMap<>();
        deliveries.forEach(each ->
                byId.computeIfAbsent(each.getEventId(), id -> new ArrayList<>()).add(each));
        byId.forEach((id, attempts) -> {
            for (int k = 0; k < attempts.size(); k++) {
                boolean last = k == attempts.size() - 1;
                assertEquals(k + 1, attempts.get(k).getAttempt(), id);
                assertEquals(last ? "DELIVERED" : "FAILED", attempts.get(k).getStatus(), id);
                assertEquals(last, attempts.get(k).getNextAttemptAt() == null, id);
            }
        });
        assertEquals(5, byId.size(), byId.keySet().toString());
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Writes to the topics, and reads what was committed to some of them. */
    private static final class Log implements AutoCloseable {
        private final KafkaProducer<String, SpecificRecord> producer;
        private final KafkaConsumer<String, SpecificRecord> consumer;
        private final List<SpecificRecord> read = new ArrayList<>();

        Log() {
            RegistrySerdes serdes = new RegistrySerdes(platform.registryUrl());
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", platform.bootstrapServers(), "acks", "all"),
                    new StringSerializer(),
                    serdes.<SpecificRecord>of(Topic.SPECIMENS).serializer());
            consumer = new KafkaConsumer<>(
                    LogReader.settings(platform.bootstrapServers(), "earliest"),
                    new StringDeserializer(),
                    serdes.<SpecificRecord>of(Topic.HEMATOLOGY_ALERTS).deserializer());
            List<TopicPartition> partitions =
                    List.of(Topic.HEMATOLOGY_ALERTS, Topic.ALERT_DELIVERIES, Topic.PATIENT_VERDICTS).stream()
                            .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        void send(Sent record) {
            try {
                producer.send(new ProducerRecord<>(record.topic().topicName(), record.key(), record.value()))
                        .get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        void await(String what, BooleanSupplier condition) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!condition.getAsBoolean()) {
                assertTrue(System.nanoTime() < end, "not within " + PATIENCE + ": " + what + ", " + states());
                consumer.poll(Duration.ofMillis(50)).forEach(record -> read.add(record.value()));
            }
        }

        void readFor(Duration time) {
            long end = System.nanoTime() + time.toNanos();
            await("time to pass", () -> System.nanoTime() > end);
        }

        private <T> List<T> all(Class<T> type) {
            return read.stream().filter(type::isInstance).map(type::cast).toList();
        }

        List<AlertEvent> alerts() {
            return all(AlertEvent.class);
        }

        List<AlertDelivery> deliveries() {
            return all(AlertDelivery.class);
        }

        List<String> states() {
            return alerts().stream().map(AlertEvent::getState).toList();
        }

        long rungs() {
            return states().stream().filter("ESCALATED"::equals).count();
        }

        int verdicts() {
            return all(PatientVerdict.class).stream()
                    .mapToInt(verdict ->
                            verdict.getSpecimens().getFirst().getImages().getClassified())
                    .max()
                    .orElse(0);
        }

        @Override
        public void close() {
            producer.close();
            consumer.close();
        }
    }
}
