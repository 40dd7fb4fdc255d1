package io.leukostream.results;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.embedded.RegistryRelay;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.RecordRejected;
import io.leukostream.results.Ward.Sent;
import io.leukostream.results.topology.RegistrySerdes;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Outcomes go into a real broker and come out as verdicts, alerts and events over HTTP. */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
@Timeout(120)
class ResultsWireTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ConfigProperty(name = "leukostream.kafka.bootstrap-servers")
    String bootstrapServers;

    @ConfigProperty(name = "leukostream.registry.url")
    String registryUrl;

    @TestHTTPResource("/")
    URL base;

    private KafkaProducer<String, SpecificRecord> producer;

    @BeforeEach
    void connect() {
        Map<String, Object> settings = new HashMap<>(WireFormat.settings(registryUrl));
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        settings.put("value.serializer", "io.apicurio.registry.serde.avro.AvroKafkaSerializer");
        settings.put("acks", "all");
        producer = new KafkaProducer<>(settings);
        eventually(() -> given().get("/q/health/ready").statusCode() == 200);
    }

    @AfterEach
    void disconnect() {
        producer.close();
    }

    private RecordMetadata send(Sent record) {
        try {
            return producer.send(new ProducerRecord<>(record.topic().topicName(), record.key(), record.value()))
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within " + PATIENCE);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static ValidatableResponse when(Supplier<ValidatableResponse> request, String path, Object expected) {
        eventually(() -> {
            var response = request.get().extract();
            return response.statusCode() == 200 && expected.equals(response.path(path));
        });
        return request.get();
    }

    @Test
    void outcomesBecomeAVerdictAndAnAlertThatIsAcknowledged() throws Exception {
        // Given
        Ward ward = new Ward("P-WAAA1111", "S-WAAA1111", "BONE_MARROW");
        List<String> lines = new CopyOnWriteArrayList<>();
        try (Listener listener = new Listener(base, null, lines)) {
            send(ward.registration());
            RecordMetadata evidence = send(ward.evidence(0, new byte[] {1, 2, 3}));
            send(ward.receipt(0));
            send(ward.classified(
                    0, true, "1.0.0", new Coordinates(evidence.topic(), evidence.partition(), evidence.offset())));
            send(ward.receipt(500));
            send(ward.rejected(501, "IMAGE_TRUNCATED"));

            // When
            ward.images(120, 110).stream().skip(2).forEach(this::send);

            // Then: the verdict
            when(() -> given().get("/api/v1/patients/P-WAAA1111/verdict").then(), "specimens[0].images.classified", 120)
                    .body("state", equalTo("BLASTS_SUSPECTED"))
                    .body("researchUseOnly", equalTo(true))
                    .body("modelVersion", equalTo("test/1.0.0"))
                    .body("evidenceHash", containsString("sha256:"))
                    .body("specimens[0].images.received", equalTo(122))
                    .body("specimens[0].images.pending", equalTo(1))
                    .body("specimens[0].blastFraction.basis", equalTo("MODEL"))
                    .body("specimens[0].blastFraction.level", equalTo(0.95f));
            // The list follows the verdict by a commit and a poll.
            eventually(() -> given().get("/api/v1/patients?state=BLASTS_SUSPECTED")
                    .<List<String>>path("items.patientId")
                    .contains("P-WAAA1111"));
            given().get("/api/v1/patients?state=BLASTS_SUSPECTED").then().body("next", nullValue());
            given().get("/api/v1/accounting")
                    .then()
                    .body("specimens.find { it.specimenId == 'S-WAAA1111' }.pending", equalTo(1))
                    .body(
                            "specimens.find { it.specimenId == 'S-WAAA1111' }.rejectedByReason.IMAGE_TRUNCATED",
                            equalTo(1))
                    .body("totals.oldestPendingAt", notNullValue())
                    .body("overdue.afterSeconds", equalTo(600))
                    .body("overdue.images", greaterThanOrEqualTo(1))
                    .body("days.find { it.day == '2026-11-23' }.oldestPendingAt", equalTo(Ward.NOON.toString()))
                    .body(
                            "days.find { it.day == '2026-11-23' }.rejectedByReason.IMAGE_TRUNCATED",
                            greaterThanOrEqualTo(1))
                    .body("scanners.find { it.scanner == null }.pending", greaterThanOrEqualTo(1))
                    .body("scanners.find { it.scanner == null }.oldestPendingAt", equalTo(Ward.NOON.toString()));

            // Then: the image that waits since then is overdue, everywhere, and takes nothing down
            eventually(() -> Pattern.compile("(?m)^leukostream_images_overdue(\\{})? [1-9]")
                    .matcher(given().get("/q/metrics").asString())
                    .find());
            assertTrue(Pattern.compile("(?m)^leukostream_oldest_pending_seconds(\\{})? [1-9]")
                    .matcher(given().get("/q/metrics").asString())
                    .find());
            given().get("/q/health/ready")
                    .then()
                    .statusCode(200)
                    .body("checks.find { it.name == 'results' }.data.imagesOverdue", greaterThanOrEqualTo(1));
            for (String page : List.of("/accounting", "/system")) {
                given().get(page).then().statusCode(200).body(containsString("been pending for longer than 10 min"));
            }
            given().get("/rejections").then().statusCode(200).body(containsString("id=\"PIXEL_SIZE_UNKNOWN\""));

            // Then: images, cells and pictures
            given().get("/api/v1/images/" + ward.imageId(0))
                    .then()
                    .body("outcome", equalTo("CLASSIFIED"))
                    .body("cells[0].cellId", equalTo(ward.cellId(0)));
            given().get("/api/v1/images/" + ward.imageId(500)).then().body("outcome", equalTo("PENDING"));
            given().get("/api/v1/images/" + ward.imageId(501))
                    .then()
                    .body("outcome", equalTo("REJECTED"))
                    .body("reason", equalTo("IMAGE_TRUNCATED"));
            assertArrayEquals(
                    new byte[] {1, 2, 3},
                    given().get("/api/v1/cells/" + ward.cellId(0) + "/crop")
                            .then()
                            .statusCode(200)
                            .contentType("image/jpeg")
                            .extract()
                            .asByteArray());
            given().get("/api/v1/cells/" + ward.cellId(7) + "/crop").then().statusCode(410);
            given().get("/api/v1/specimens/S-WAAA1111/cells?order=probability&size=2")
                    .then()
                    .body("items.label", contains("BLAST", "BLAST"))
                    .body("items[0].blastProbability", equalTo(0.9f))
                    .body("next", equalTo("1"));
            given().get("/api/v1/specimens/S-WAAA1111/cells?label=NOT_BLAST&size=200")
                    .then()
                    .body("items.size()", equalTo(10));

            // Then: the alert, told live, noted as told, read back
            eventually(() -> lines.stream().anyMatch(line -> line.contains("P-WAAA1111.1")));
            assertTrue(listener.open());
            when(() -> given().get("/api/v1/alerts/P-WAAA1111.1").then(), "state", "NOTIFIED");
            acknowledge("P-WAAA1111.1", "P-WAAA1111", "INDETERMINATE")
                    .statusCode(422)
                    .body("code", equalTo("WRONG_READ_BACK"));
            acknowledge("P-WAAA1111.9", "P-WAAA1111", "BLASTS_SUSPECTED").statusCode(404);
            acknowledge("P-WAAA1111.1", "P-WAAA1111", "BLASTS_SUSPECTED").statusCode(202);
            when(() -> given().get("/api/v1/alerts/P-WAAA1111.1").then(), "state", "ACKNOWLEDGED")
                    .body("acknowledgedBy", equalTo("Dr Ada"));
            acknowledge("P-WAAA1111.1", "P-WAAA1111", "BLASTS_SUSPECTED")
                    .statusCode(409)
                    .contentType("application/problem+json")
                    .body("code", equalTo("ALERT_CHANGED"));
            for (String search : List.of(
                    "subject=" + base + "fhir/Patient/P-WAAA1111",
                    "patient=Patient/P-WAAA1111",
                    "subject:Patient=P-WAAA1111",
                    "subject=P-WNON1111,P-WAAA1111&status=final")) {
                given().urlEncodingEnabled(false)
                        .get("/fhir/DiagnosticReport?" + search)
                        .then()
                        .statusCode(200)
                        .body("total", equalTo(1));
            }
            given().contentType("application/x-www-form-urlencoded")
                    .body("subject=Patient%2FP-WAAA1111")
                    .post("/fhir/Observation/_search")
                    .then()
                    .statusCode(200)
                    .body("entry[0].resource.id", equalTo("S-WAAA1111"));
            given().get("/fhir/DiagnosticReport?subject=http://other.example/Patient/P-WAAA1111")
                    .then()
                    .statusCode(400)
                    .body("resourceType", equalTo("OperationOutcome"));
            given().get("/fhir/DiagnosticReport?subject=P-WAAA1111")
                    .then()
                    .statusCode(200)
                    .body("total", equalTo(1))
                    .body("entry[0].resource.conclusion", containsString("BLASTS_SUSPECTED"))
                    .body("entry[1].resource.id", equalTo("S-WAAA1111"));

            // Then: tables and paper
            String table = given().get("/api/v1/patients/P-WAAA1111/report.csv")
                    .then()
                    .statusCode(200)
                    .header("Content-Type", containsString("text/csv"))
                    .extract()
                    .asString();
            assertEquals(2, table.lines().count(), table);
            assertTrue(table.contains("S-WAAA1111,BONE_MARROW,CELL,BLASTS_SUSPECTED,122,120,1,1"), table);
            String cells = given().get("/api/v1/specimens/S-WAAA1111/cells.csv").asString();
            assertEquals(121, cells.lines().count());
            assertTrue(cells.contains(ward.cellId(0) + "," + ward.imageId(0) + ",1,2,30,40,80.0,BLAST,0.9,"), cells);
            given().get("/patients/P-WAAA1111/report")
                    .then()
                    .statusCode(200)
                    .body(containsString("Haematologist’s own finding"));

            // Then: the audit, signed
            String keyId = given().get("/api/v1/audit/key")
                    .then()
                    .body("algorithm", equalTo("Ed25519"))
                    .body("publicKey", containsString("BEGIN PUBLIC KEY"))
                    .extract()
                    .path("keyId");
            given().get("/api/v1/patients/P-WAAA1111/audit")
                    .then()
                    .statusCode(200)
                    .body("items[0].event", equalTo("ALERT_ACKNOWLEDGED"))
                    .body("items[0].actor", equalTo("Dr Ada"))
                    .body("items.verified", everyItem(equalTo(true)))
                    .body("items[-1].number", equalTo(1))
                    .body("head.keyId", equalTo(keyId));
            given().get("/patients/P-WAAA1111/audit")
                    .then()
                    .statusCode(200)
                    .body(containsString("is acknowledged"))
                    .body(not(containsString("not verified")));
        }

        // Then: who was away gets what was missed, and who comes from nowhere is told so
        String id = lines.stream()
                .filter(line -> line.startsWith("id:"))
                .findFirst()
                .orElseThrow()
                .substring(3)
                .strip();
        List<String> resumed = new CopyOnWriteArrayList<>();
        try (Listener again = new Listener(base, id, resumed)) {
            eventually(() -> resumed.stream().anyMatch(line -> line.contains("ACKNOWLEDGED")));
            assertTrue(again.open());
        }
        assertTrue(resumed.stream().noneMatch(line -> line.equals("event:reset")), "resumed, not reset");
        List<String> lost = new CopyOnWriteArrayList<>();
        try (Listener again = new Listener(base, "elsewhere-17", lost)) {
            eventually(() -> lost.contains("event:reset"));
            assertTrue(again.open());
        }
    }

    @Test
    void anImageThatExpiredBeforeInferenceSawItEndsAsThatUntilItIsSentAgain() throws Exception {
        // Given: of two images the first is past the log's beginning, and a third's receipt names a place that is none
        Ward ward = new Ward("P-WEXP1111", "S-WEXP1111", "BONE_MARROW");
        TopicPartition partition = new TopicPartition(Topic.SMEAR_IMAGES.topicName(), 0);
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");
        try (KafkaProducer<String, byte[]> raw =
                        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
                Admin admin = Admin.create(settings)) {
            for (int image = 0; image < 2; image++) {
                raw.send(new ProducerRecord<>(partition.topic(), partition.partition(), "image", new byte[] {1}))
                        .get();
            }
            send(ward.registration());
            send(ward.receipt(0));
            send(new Sent(
                    Topic.IMAGE_RECEIPTS,
                    ward.receipt(7).key(),
                    ImageReceipt.newBuilder()
                            .setImageId(ward.imageId(7))
                            .setSpecimenId("S-WEXP1111")
                            .setSizeBytes(1)
                            .setReceivedAt(Ward.NOON)
                            .setImage(new Coordinates(Topic.SMEAR_IMAGES.topicName(), 999, 4L))
                            .build()));
            send(ward.receipt(1));
            when(() -> given().get("/api/v1/images/" + ward.imageId(1)).then(), "outcome", "PENDING");

            // When
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
        }

        // Then
        when(() -> given().get("/api/v1/images/" + ward.imageId(0)).then(), "outcome", "REJECTED")
                .body("reason", equalTo("EXPIRED"));
        given().get("/api/v1/images/" + ward.imageId(1)).then().body("outcome", equalTo("PENDING"));
        given().get("/rejections").then().statusCode(200).body(containsString("id=\"EXPIRED\""));
        send(ward.classified(0, 2, null, Ward.NOON, null, null));
        when(() -> given().get("/api/v1/images/" + ward.imageId(0)).then(), "outcome", "CLASSIFIED");
        when(() -> given().get("/api/v1/specimens/S-WEXP1111").then(), "images.classified", 1)
                .body("images.rejected", equalTo(0))
                .body("images.received", equalTo(3));
    }

    @Test
    void aRegistryThatIsAwayOrWasEmptiedStopsNoVerdictAndNoAlert() throws Exception {
        for (RegistryRelay.Answer trouble : List.of(RegistryRelay.Answer.ERROR, RegistryRelay.Answer.NOT_FOUND)) {
            // Given: a registry that says nothing of use
            String letter = trouble == RegistryRelay.Answer.ERROR ? "E" : "N";
            Ward ward = new Ward("P-WREG" + letter + "111", "S-WREG" + letter + "111", "BONE_MARROW");
            relayed(trouble);
            try {
                // When
                send(ward.registration());
                ward.images(120, 110).forEach(this::send);
                long sent = System.nanoTime();

                // Then: verdict and alert come as ever, nothing is rejected, and all is ready
                String alert = ward.patientId() + ".1";
                when(() -> given().get("/api/v1/alerts/" + alert).then(), "alertId", alert);
                Duration took = Duration.ofNanos(System.nanoTime() - sent);
                assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took.toString());
                given().get("/q/health/ready").then().statusCode(200);
                when(() -> given().get("/api/v1/specimens/" + ward.specimenId()).then(), "images.classified", 120)
                        .body("images.rejected", equalTo(0));
            } finally {
                relayed(RegistryRelay.Answer.OF_THE_REGISTRY);
            }
        }
    }

    private void relayed(RegistryRelay.Answer answer) {
        given().body(answer.name())
                .contentType("text/plain")
                .post(URI.create(registryUrl).resolve(RegistryRelay.CONTROL))
                .then()
                .statusCode(200);
    }

    @Test
    void whateverTopicsHoldResultsGoesOnAndNamesIt() throws Exception {
        // Given: nothing, garbage and another topic's record on each topic that results reads, a thousand at once
        List<Topic> sources = List.of(
                Topic.SPECIMENS,
                Topic.IMAGE_RECEIPTS,
                Topic.CELL_CLASSIFICATIONS,
                Topic.IMAGE_REJECTIONS,
                Topic.CELL_REVIEWS,
                Topic.ALERT_ACKNOWLEDGEMENTS,
                Topic.ALERT_DELIVERIES);
        Ward ward = new Ward("P-WODD1111", "S-WODD1111", "BONE_MARROW");
        int nulls = 140;
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");

        // When
        List<ProducerRecord<String, byte[]>> odd = new ArrayList<>();
        for (Topic source : sources) {
            for (int number = 0; number < nulls; number++) {
                odd.add(new ProducerRecord<>(source.topicName(), "S-WODD" + number, null));
            }
            odd.add(new ProducerRecord<>(source.topicName(), "S-WODD1111", new byte[] {7, 7, 7}));
            // A schema's id that the registry does not know, and another topic's record.
            odd.add(new ProducerRecord<>(source.topicName(), "S-WODD1111", new byte[] {0, 127, -1, -1, -1, 2, 2, 2}));
            Sent foreign = source == Topic.SPECIMENS ? ward.receipt(0) : ward.registration();
            odd.add(new ProducerRecord<>(source.topicName(), "S-WODD1111", written(foreign)));
        }
        odd.add(new ProducerRecord<>(
                "results-by-patient-repartition", "P-WODD1111", "{\"input\":".getBytes(StandardCharsets.UTF_8)));
        odd.add(new ProducerRecord<>(Topic.PATIENT_VERDICTS.topicName(), "P-WODD1111", null));
        odd.add(new ProducerRecord<>(Topic.HEMATOLOGY_ALERTS.topicName(), "P-WODD1111", null));
        try (KafkaProducer<String, byte[]> raw =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = odd.stream().map(raw::send).toList();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
        send(ward.registration());
        ward.images(120, 110).forEach(this::send);

        // Then
        when(() -> given().get("/api/v1/patients/P-WODD1111/verdict").then(), "state", "BLASTS_SUSPECTED");
        when(() -> given().get("/api/v1/alerts/P-WODD1111.1").then(), "alertId", "P-WODD1111.1");
        acknowledge("P-WODD1111.1", "P-WODD1111", "BLASTS_SUSPECTED").statusCode(202);
        when(() -> given().get("/api/v1/alerts/P-WODD1111.1").then(), "state", "ACKNOWLEDGED");
        given().get("/q/health/live").then().statusCode(200);
        String metrics = given().get("/q/metrics").asString();
        for (Topic source : sources) {
            String name = source.topicName();
            assertTrue(metrics.lines()
                    .filter(line -> line.startsWith("leukostream_records_rejected_total")
                            && line.contains("topic=\"" + name + "\"")
                            && line.contains("TOMBSTONE"))
                    .anyMatch(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))) >= nulls));
        }
        Map<String, Long> named = rejected().stream()
                .collect(Collectors.groupingBy(
                        each -> each.getSource().getTopic() + " " + each.getReason(), Collectors.counting()));
        for (Topic source : sources) {
            assertEquals(nulls, named.get(source.topicName() + " TOMBSTONE"), named.toString());
            assertEquals(3, named.get(source.topicName() + " UNREADABLE"), named.toString());
        }
        assertEquals(1, named.get("results-by-patient-repartition UNREADABLE"), named.toString());
    }

    private byte[] written(Sent record) {
        try (AvroKafkaSerializer<SpecificRecord> serializer = new AvroKafkaSerializer<>()) {
            serializer.configure(WireFormat.settings(registryUrl), false);
            return serializer.serialize(record.topic().topicName(), record.value());
        }
    }

    /** All that results has named on its dead-letter topic. */
    private List<RecordRejected> rejected() {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        List<RecordRejected> named = new ArrayList<>();
        try (KafkaConsumer<String, RecordRejected> consumer = new KafkaConsumer<>(
                settings,
                new StringDeserializer(),
                new RegistrySerdes(registryUrl)
                        .<RecordRejected>of(Topic.RESULTS_REJECTED)
                        .deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.RESULTS_REJECTED.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> named.add(record.value()));
            }
        }
        return named;
    }

    private static ValidatableResponse acknowledge(String alertId, String patientId, String state) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("acknowledgedBy", "Dr Ada", "readBack", Map.of("patientId", patientId, "state", state)))
                .post("/api/v1/alerts/" + alertId + "/acknowledgements")
                .then();
    }

    @Test
    void aRandomDrawReviewDecidesWithinTwoSecondsOfItsLastLabel() {
        // Given
        Ward ward = new Ward("P-WBBB2222", "S-WBBB2222", "BONE_MARROW");
        send(ward.registration());
        ward.images(60, 30).forEach(this::send);
        when(() -> given().get("/api/v1/patients/P-WBBB2222/verdict").then(), "specimens[0].images.classified", 60);

        // When: a chosen cell first, then those that are drawn
        review(ward, ward.cellId(5), "NOT_A_CELL").statusCode(202).body("drawn", equalTo(false));
        List<String> drawn = draws(20);
        assertEquals(20, drawn.size());
        drawn.forEach(cell -> review(ward, cell, "NOT_BLAST").statusCode(202).body("drawn", equalTo(true)));
        when(() -> given().get("/api/v1/specimens/S-WBBB2222").then(), "frame.drawn", 20)
                .body("frame.primaryReader", equalTo("ada"))
                .body("frame.decided", equalTo("UNDECIDED"))
                .body("patientId", equalTo("P-WBBB2222"));
        List<String> more = draws(5);
        assertTrue(more.stream().noneMatch(drawn::contains), "a labelled cell is not drawn again");
        List<Duration> seenAfter = new ArrayList<>();
        for (String cell : more) {
            long posted = System.nanoTime();
            review(ward, cell, "NOT_BLAST").statusCode(202);
            when(
                    () -> given().get("/api/v1/patients/P-WBBB2222/verdict").then(),
                    "specimens[0].cells.reviewed",
                    22 + seenAfter.size());
            seenAfter.add(Duration.ofNanos(System.nanoTime() - posted));
        }

        // Then
        when(() -> given().get("/api/v1/patients/P-WBBB2222/verdict").then(), "state", "BLASTS_BELOW_THRESHOLD")
                .body("specimens[0].blastFraction.basis", equalTo("REVIEW"))
                .body("specimens[0].blastFraction.apparent", equalTo(0.0f));
        given().get("/fhir/Observation/S-WBBB2222")
                .then()
                .statusCode(200)
                .contentType("application/fhir+json")
                .body("valueQuantity.value", equalTo(0.0f))
                .body("interpretation[0].coding[0].code", equalTo("BLASTS_BELOW_THRESHOLD"))
                .body(
                        "component.find { it.code.coding[0].code == 'basis' }.valueCodeableConcept.coding[0].code",
                        equalTo("REVIEW"));
        seenAfter.sort(null);
        assertTrue(seenAfter.get(2).toMillis() < 2000, "a label is seen within 2 s at the median: " + seenAfter);

        review(ward, "nonsense", "BLAST").statusCode(422).body("code", equalTo("UNKNOWN_CELL"));
        review(ward, ward.cellId(59), "MAYBE").statusCode(422).body("code", equalTo("UNKNOWN_LABEL"));
        given().delete("/api/v1/specimens/S-WBBB2222/reviews/" + drawn.getFirst() + "?reviewer=ada")
                .then()
                .statusCode(202);
        when(() -> given().get("/api/v1/specimens/S-WBBB2222").then(), "frame.drawn", 0);
    }

    @Test
    void whatAnotherSitesPageMakesABrowserSendChangesNothing() throws Exception {
        // Given
        Ward ward = new Ward("P-WWEB1111", "S-WWEB1111", "BONE_MARROW");
        send(ward.registration());
        ward.images(120, 110).forEach(this::send);
        when(() -> given().get("/api/v1/alerts/P-WWEB1111.1").then(), "alertId", "P-WWEB1111.1");
        String readBack = "{\"acknowledgedBy\":\"a web page\",\"readBack\":{\"patientId\":\"P-WWEB1111\","
                + "\"state\":\"BLASTS_SUSPECTED\"}}";
        String acknowledgements = "/api/v1/alerts/P-WWEB1111.1/acknowledgements";
        String label = "{\"cellId\":\"" + ward.cellId(1) + "\",\"label\":\"BLAST\",\"reviewer\":\"a web page\"}";
        String form = "acknowledgedBy=a+web+page&patientId=P-WWEB1111&state=BLASTS_SUSPECTED";
        String formType = "Content-Type: application/x-www-form-urlencoded";
        String evil = "Origin: http://evil.example";

        // When, then: untyped, as text, as a form, with and without what browsers say of it, and under another name
        assertEquals(415, raw("POST", acknowledgements, readBack, null));
        assertEquals(403, raw("POST", acknowledgements, readBack, null, evil));
        assertEquals(415, raw("POST", acknowledgements, readBack, null, "Content-Type: text/plain"));
        assertEquals(403, raw("POST", acknowledgements, readBack, null, "Content-Type: application/json", evil));
        assertEquals(
                403, raw("POST", acknowledgements, readBack, null, "Content-Type: application/json", "Origin: null"));
        assertEquals(
                403,
                raw(
                        "POST",
                        acknowledgements,
                        readBack,
                        null,
                        "Content-Type: application/json",
                        "Sec-Fetch-Site: cross-site"));
        assertEquals(403, raw("POST", "/alerts/P-WWEB1111.1/acknowledge", form, null, formType, evil));
        assertEquals(
                403,
                raw("POST", "/alerts/P-WWEB1111.1/acknowledge", form, null, formType, "Referer: http://evil.example/"));
        assertEquals(415, raw("POST", "/api/v1/specimens/S-WWEB1111/reviews", label, null));
        assertEquals(403, raw("POST", "/api/v1/specimens/S-WWEB1111/frames", "{\"reviewer\":\"x\"}", null, evil));
        assertEquals(403, raw("DELETE", "/api/v1/specimens/S-WWEB1111/reviews/x?reviewer=y", "", null, evil));
        assertEquals(421, raw("GET", "/api/v1/patients", "", "evil.example"));
        assertEquals(
                421, raw("POST", acknowledgements, readBack, "evil.example", "Content-Type: application/json", evil));
        assertEquals(200, raw("GET", "/q/health/live", "", "results-0.results"));
        assertEquals(
                409, raw("GET", "/api/v1/specimens/S-WWEB1111/draws?reviewer=ada", "", null), "no GET opens a frame");
        given().get("/api/v1/alerts/P-WWEB1111.1")
                .then()
                .header("Cache-Control", equalTo("no-store"))
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .body("acknowledgedBy", nullValue());
        given().get("/api/v1/specimens/S-WWEB1111")
                .then()
                .body("cells.reviewed", equalTo(0))
                .body("frame", nullValue());
        for (String name : List.of("a".repeat(101), "Dr\u202eAda", "Dr\nAda", "Dr\u001b[2JAda")) {
            given().contentType(ContentType.JSON)
                    .body(Map.of(
                            "acknowledgedBy",
                            name,
                            "readBack",
                            Map.of("patientId", "P-WWEB1111", "state", "BLASTS_SUSPECTED")))
                    .post(acknowledgements)
                    .then()
                    .statusCode(422);
        }
        acknowledge("P-WWEB1111.1", "P-WWEB1111", "BLASTS_SUSPECTED").statusCode(202);
    }

    @Test
    void aBodyThatNeverComesToAnEndEndsItsConnection() throws Exception {
        // Given: one byte every tenth of a second, where a body may take three seconds
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            OutputStream out = socket.getOutputStream();
            String head = """
                    POST /api/v1/specimens/S-WAAA1111/reviews HTTP/1.1
                    Host: localhost
                    Content-Type: application/json
                    Content-Length: 100000

                    """.replace("\n", "\r\n");
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(100);

            // When
            int sent = 0;
            boolean open = true;
            while (open && sent < 150) {
                try {
                    out.write(' ');
                    sent++;
                    open = socket.getInputStream().read() >= 0;
                } catch (SocketTimeoutException e) {
                    // Nothing was answered, and the connection is open.
                } catch (IOException e) {
                    open = false;
                }
            }

            // Then
            assertFalse(open, sent + " bytes were taken, one every 100 ms");
        }
        assertEquals(200, raw("GET", "/q/health/live", "", null));
    }

    /** The status of a request with exactly these headers: a client of Java would add some of its own. */
    private int raw(String method, String path, String body, @Nullable String host, String... headers)
            throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head = method + " " + path + " HTTP/1.1\r\nHost: "
                    + (host == null ? base.getHost() + ":" + base.getPort() : host) + "\r\nConnection: close\r\n"
                    + (bytes.length == 0 ? "" : "Content-Length: " + bytes.length + "\r\n")
                    + Stream.of(headers).map(header -> header + "\r\n").collect(Collectors.joining()) + "\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes);
            String status = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return Integer.parseInt(status.substring(9, 12));
        }
    }

    private static List<String> draws(int count) {
        given().contentType(ContentType.JSON)
                .body(Map.of("reviewer", "ada"))
                .post("/api/v1/specimens/S-WBBB2222/frames")
                .then()
                .statusCode(200)
                .body("cells", equalTo(60));
        return given().get("/api/v1/specimens/S-WBBB2222/draws?reviewer=ada&count=" + count)
                .then()
                .statusCode(200)
                .extract()
                .path("items.cellId");
    }

    private static ValidatableResponse review(Ward ward, String cellId, String label) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("cellId", cellId, "label", label, "reviewer", "ada"))
                .post("/api/v1/specimens/" + ward.specimenId() + "/reviews")
                .then();
    }

    @Test
    void cellTypesAndTheDriftOfAScannerAreToldOverHttp() {
        // Given: twelve specimens yesterday, and one today that is much darker
        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofMinutes(1));
        for (int specimen = 0; specimen < 12; specimen++) {
            Ward ward = new Ward("P-WEEE5555", "S-WEEE50" + (char) ('A' + specimen) + "5", "BONE_MARROW");
            send(ward.classified(0, "wire-scanner", today.minus(Duration.ofDays(1)), 150 + specimen));
        }
        Ward ward = new Ward("P-WDDD4444", "S-WDDD4444", "BONE_MARROW");
        send(ward.registration());
        send(ward.classified(0, 1, "wire-scanner", today, "LYMPHOCYTE", null));
        send(ward.classified(1, 1, "wire-scanner", today, null, null));
        send(ward.classified(2, 1, "wire-scanner", today, "BLAST", "STAIN"));

        // When
        var specimen = when(() -> given().get("/api/v1/specimens/S-WDDD4444").then(), "images.classified", 3);

        // Then
        specimen.body("differential.type", contains("LYMPHOCYTE", "NOT_TYPED"))
                .body("differential.cells", contains(1, 1))
                .body("differential.share", contains(0.5f, 0.5f));
        given().get("/api/v1/specimens/S-WDDD4444/cells?type=LYMPHOCYTE")
                .then()
                .body("items.cellId", contains(ward.cellId(0)))
                .body("items.cellType", contains("LYMPHOCYTE"));
        given().get("/api/v1/specimens/S-WDDD4444/cells?type=NOT_TYPED")
                .then()
                .body("items.cellId", contains(ward.cellId(1)));
        String newest = "items.find { it.scanner == 'wire-scanner' }";
        eventually(() -> Integer.valueOf(12)
                .equals(given().get("/api/v1/drift").then().extract().path(newest + "?.referenceSpecimens")));
        given().get("/api/v1/drift?days=1")
                .then()
                .body("attentionAt", equalTo(3.0f))
                .body(newest + ".images", equalTo(3))
                .body(newest + ".counted", equalTo(2))
                .body(newest + ".gated[0].reason", equalTo("STAIN"))
                .body(newest + ".brightness.mean", equalTo(90.0f))
                .body(newest + ".brightness.distance", lessThan(-3f))
                .body(newest + ".attention", equalTo(true));
        given().get("/api/v1/drift?days=0").then().statusCode(400).body("code", equalTo("BAD_PARAMETER"));
        given().get("/scanners").then().statusCode(200).body(containsString("Newest day: attention"));
        given().get("/specimens/S-WDDD4444?type=LYMPHOCYTE")
                .then()
                .statusCode(200)
                .body(containsString("type: Lymphocyte"));
        eventually(() -> given().get("/q/metrics")
                .asString()
                .contains("leukostream_scanner_drift{figure=\"brightness\",scanner=\"wire-scanner\"} -"));
    }

    @Test
    void whatIsUnknownOrWrongIsAProblemWithACode() {
        // Given
        Ward ward = new Ward("P-WCCC3333", "S-WCCC3333", "PERIPHERAL_BLOOD");

        // When
        send(ward.classified(1, true));

        // Then
        eventually(() -> "UNKNOWN_SPECIMEN"
                .equals(given().get("/api/v1/accounting")
                        .then()
                        .extract()
                        .path("specimens.find { it.specimenId == 'S-WCCC3333' }?.status")));
        given().get("/api/v1/patients/P-WCCC3333/verdict")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("NOT_FOUND"));
        given().get("/api/v1/patients?state=SICK").then().statusCode(400).body("code", equalTo("BAD_PARAMETER"));
        given().get("/api/v1/specimens/S-WCCC3333/draws").then().statusCode(400).body("code", equalTo("MISSING_FIELD"));
        given().get("/api/v1/nowhere").then().statusCode(404).body("code", equalTo("NOT_FOUND"));
        given().get("/fhir/DiagnosticReport").then().statusCode(400);
        given().get("/fhir/DiagnosticReport?subject=P-WCCC3333")
                .then()
                .statusCode(200)
                .body("total", equalTo(0));
        for (String unknown : List.of("DiagnosticReport/P-WCCC3333", "Observation/S-WCCC3333", "Observation/x")) {
            given().get("/fhir/" + unknown)
                    .then()
                    .statusCode(404)
                    .contentType("application/fhir+json")
                    .body("resourceType", equalTo("OperationOutcome"))
                    .body("issue[0].code", equalTo("not-found"));
        }
        given().get("/fhir/metadata")
                .then()
                .statusCode(200)
                .body("resourceType", equalTo("CapabilityStatement"))
                .body("rest[0].resource.type", contains("DiagnosticReport", "Observation"));
        for (String unknown : List.of("patients/P-WCCC3333/report.csv", "patients/P-WCCC3333/audit")) {
            given().get("/api/v1/" + unknown).then().statusCode(404).body("code", equalTo("NOT_FOUND"));
        }
        given().get("/api/v1/specimens/S-NONE0000/cells.csv").then().statusCode(404);
        for (String page : List.of("report", "audit")) {
            given().get("/patients/P-WCCC3333/" + page)
                    .then()
                    .statusCode(404)
                    .body(containsString("There is no patient P-WCCC3333 here."));
        }
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/metrics").then().statusCode(200);
        given().get("/q/openapi")
                .then()
                .statusCode(200)
                .body(containsString("/api/v1/accounting"))
                .body(not(containsString("/internal")));
        given().get("/internal/stores/no-such-store/prefix?prefix=S-WCCC3333.")
                .then()
                .statusCode(404);
        given().get("/internal/stores/images/prefix?prefix=S-WCCC").then().statusCode(400);
    }

    /** A client of the live stream that writes down each line. */
    private static final class Listener implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final Thread reader;

        Listener(URL base, @org.jspecify.annotations.Nullable String lastEventId, List<String> lines)
                throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base + "api/v1/stream")).header("Accept", "text/event-stream");
            if (lastEventId != null) {
                request.header("Last-Event-ID", lastEventId);
            }
            HttpResponse<Stream<String>> response = client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            assertEquals(200, response.statusCode());
            reader = Thread.ofVirtual().start(() -> {
                try (Stream<String> events = response.body()) {
                    events.forEach(lines::add);
                } catch (UncheckedIOException e) {
                    lines.add("closed");
                }
            });
        }

        boolean open() {
            return reader.isAlive();
        }

        // At once: a connection that is closed in an orderly way waits for the next heartbeat.
        @Override
        public void close() {
            client.shutdownNow();
        }
    }
}
