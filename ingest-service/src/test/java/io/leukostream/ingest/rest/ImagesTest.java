package io.leukostream.ingest.rest;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leukostream.events.ImageReceipt;
import io.leukostream.events.SmearImage;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.ingest.LoggedText;
import io.leukostream.ingest.Pictures;
import io.leukostream.ingest.PlatformResource;
import io.leukostream.ingest.domain.LogPosition;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.ingest.messaging.EventLogProbe;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole service against a real broker and registry. */
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
class ImagesTest {
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static LoggedText logged;

    /** A record as it lies in the log. */
    private record Logged<T>(ConsumerRecord<String, byte[]> raw, T value) {}

    @BeforeAll
    static void watchTheLog() {
        logged = new LoggedText();
    }

    @AfterAll
    static void noIdentifierWasLogged() {
        logged.close();
        assertFalse(logged.all().contains(Scanner.PATIENT), "the patient's identifier was logged");
        assertFalse(logged.all().contains("Specimen-of-"), "a specimen's identifier was logged");
    }

    @Test
    void anAcceptedImageLiesInTheLogWithItsSpecimenAndReceipt() {
        // Given
        byte[] image = Pictures.noise("png", 1);
        Map<String, String> fields = Scanner.fields("Specimen-of-the-wire");
        fields.put("pixelSizeMicrometres", "0.125");
        fields.put("scanner", "north-1");
        fields.put("stain", "Wright-Giemsa");
        fields.put("capturedAt", "2026-01-31T09:30:00+01:00");
        fields.put("externalId", "Specimen-of-an-accession");

        // When
        Response answer = Scanner.post(image, fields);

        // Then
        assertEquals(202, answer.statusCode(), answer.asString());
        JsonPath json = answer.jsonPath();
        String specimenId = json.getString("specimenId");
        String imageId = json.getString("imageId");
        assertEquals(Identity.imageId(specimenId, ByteBuffer.wrap(image)), imageId);
        assertFalse(json.getBoolean("duplicate"));

        Logged<SpecimenRegistered> specimen = only(records(Topic.SPECIMENS, SpecimenRegistered.class), specimenId);
        assertEquals(json.getString("patientId"), specimen.value().getPatientId());
        assertEquals("BONE_MARROW", specimen.value().getSpecimenType());
        assertEquals("CELL", specimen.value().getKind());
        assertEquals(1, specimen.value().getVersion());

        Logged<SmearImage> smear = only(records(Topic.SMEAR_IMAGES, SmearImage.class), imageId);
        assertEquals(ByteBuffer.wrap(image), smear.value().getImage());
        assertEquals("image/png", smear.value().getMediaType());
        assertEquals(Pictures.WIDTH_PX, smear.value().getWidthPx());
        assertEquals(Pictures.HEIGHT_PX, smear.value().getHeightPx());
        assertEquals(0.125, smear.value().getPixelSizeMicrometres());
        assertEquals("north-1", smear.value().getScanner());
        assertEquals("Wright-Giemsa", smear.value().getStain());
        assertEquals("2026-01-31", smear.value().getCapturedOn());
        assertEquals(json.getString("receivedAt"), smear.value().getReceivedAt().toString());

        Logged<ImageReceipt> receipt = only(records(Topic.IMAGE_RECEIPTS, ImageReceipt.class), specimenId);
        assertEquals(imageId, receipt.value().getImageId());
        assertEquals(image.length, receipt.value().getSizeBytes());
        assertEquals(smear.raw().topic(), receipt.value().getImage().getTopic());
        assertEquals(smear.raw().partition(), receipt.value().getImage().getPartition());
        assertEquals(smear.raw().offset(), receipt.value().getImage().getOffset());

        for (ConsumerRecord<String, byte[]> raw : List.of(specimen.raw(), smear.raw(), receipt.raw())) {
            String text = new String(raw.value(), StandardCharsets.ISO_8859_1);
            assertFalse(text.contains(Scanner.PATIENT) || text.contains("Specimen-of-"), raw.topic());
        }
    }

    @Test
    void thePatientIsTheSameHoweverTheFormIsWritten() throws Exception {
        Path cases = Path.of("..", "..", "shared", "cases");
        assumeTrue(Files.isDirectory(cases), "the forms that were misread are not here: " + cases);
        for (List<String> same : List.of(
                List.of("utf8.bin", "quoted-printable.bin", "base64-text.bin", "latin1-declared.bin"),
                List.of("plain.bin", "nbsp-behind.bin"))) {
            // When
            Set<String> patients = new HashSet<>();
            for (String name : same) {
                try (HttpClient client = HttpClient.newHttpClient()) {
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(
                                            URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/api/v1/images"))
                                    .header("Content-Type", "multipart/form-data; boundary=B0undary")
                                    .POST(HttpRequest.BodyPublishers.ofFile(cases.resolve(name)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    assertEquals(202, answer.statusCode(), name + ": " + answer.body());
                    patients.add(JsonPath.from(answer.body()).getString("patientId"));
                }
            }

            // Then
            assertEquals(1, patients.size(), same.toString());
        }
    }

    @Test
    void theSameBytesAgainAreAFurtherAttemptOnceTheLogHoldsThemNoMore() throws Exception {
        // Given
        byte[] image = Pictures.noise("bmp", 77);
        Map<String, String> fields = Scanner.fields("Specimen-of-retention");
        String imageId = Scanner.post(image, fields).jsonPath().getString("imageId");
        Logged<SmearImage> first =
                keyed(records(Topic.SMEAR_IMAGES, SmearImage.class), imageId).getFirst();
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                ConfigProvider.getConfig().getValue("leukostream.kafka.bootstrap-servers", String.class)))) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(first.raw().topic(), first.raw().partition()),
                            RecordsToDelete.beforeOffset(first.raw().offset() + 1)))
                    .all()
                    .get();
        }

        try (EventLogProbe probe = new EventLogProbe(
                ConfigProvider.getConfig().getValue("leukostream.kafka.bootstrap-servers", String.class),
                ConfigProvider.getConfig().getValue("leukostream.registry.url", String.class))) {
            Scanner.post(Pictures.noise("bmp", 78), fields);
            Thread.sleep(50);
            assertTrue(probe.holdsWaitingFor(Duration.ofMillis(10)), "no inference takes anything here");
            assertFalse(probe.holdsWaitingFor(Duration.ofDays(5)));

            // A log that was lost and begun anew holds less than the mark says.
            String topic = first.raw().topic();
            int partition = first.raw().partition();
            assertFalse(
                    probe.holds(new LogPosition(topic, partition, first.raw().offset())), "it was deleted");
            assertFalse(probe.holds(new LogPosition(topic, partition, 1_000_000)), "it was never there");
        }

        // When
        Response again = Scanner.post(image, fields);
        Response third = Scanner.post(image, fields);

        // Then
        assertEquals(202, again.statusCode());
        assertFalse(again.jsonPath().getBoolean("duplicate"));
        assertEquals(imageId, again.jsonPath().getString("imageId"));
        assertEquals(200, third.statusCode());
        List<Logged<SmearImage>> held = keyed(records(Topic.SMEAR_IMAGES, SmearImage.class), imageId);
        assertEquals(
                List.of(2), held.stream().map(each -> each.value().getAttempt()).toList());
    }

    @Test
    void theSameBytesAgainAreTheSameImage() {
        // Given
        byte[] image = Pictures.noise("bmp", 2);
        Response first = Scanner.post(image, Scanner.fields("Specimen-of-twice"));

        // When
        Response second = Scanner.post(image, Scanner.fields("Specimen-of-twice"));

        // Then
        assertEquals(202, first.statusCode());
        assertEquals(200, second.statusCode());
        assertTrue(second.jsonPath().getBoolean("duplicate"));
        assertEquals(first.jsonPath().getString("imageId"), second.jsonPath().getString("imageId"));
        assertEquals(first.jsonPath().getString("receivedAt"), second.jsonPath().getString("receivedAt"));
        assertEquals(
                1,
                keyed(
                                records(Topic.SMEAR_IMAGES, SmearImage.class),
                                first.jsonPath().getString("imageId"))
                        .size());
    }

    @Test
    void anImageSentAgainAsStatTakesTheFasterLaneOnce() {
        // Given
        byte[] image = Pictures.noise("jpeg", 3);
        Map<String, String> fields = Scanner.fields("Specimen-of-haste");
        String imageId = Scanner.post(image, fields).jsonPath().getString("imageId");
        fields.put("priority", "STAT");

        // When
        Response stat = Scanner.post(image, fields);
        Response statAgain = Scanner.post(image, fields);

        // Then
        assertEquals(200, stat.statusCode());
        assertEquals(imageId, stat.jsonPath().getString("imageId"));
        assertTrue(statAgain.jsonPath().getBoolean("duplicate"));
        assertEquals(
                "STAT",
                only(records(Topic.SMEAR_IMAGES_STAT, SmearImage.class), imageId)
                        .value()
                        .getPriority());
        assertEquals(
                1, keyed(records(Topic.SMEAR_IMAGES, SmearImage.class), imageId).size());
        assertEquals(
                2,
                keyed(records(Topic.IMAGE_RECEIPTS, ImageReceipt.class), Identity.specimenIdOf(imageId))
                        .size());
    }

    @Test
    void oneImageSentManyTimesAtOnceIsOneImage() throws Exception {
        // Given
        byte[] image = Pictures.noise("png", 4);
        List<Callable<Response>> scanners = new ArrayList<>();
        for (int k = 0; k < 16; k++) {
            scanners.add(() -> Scanner.post(image, Scanner.fields("Specimen-of-many")));
        }

        // When
        List<Response> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<Response> answer : threads.invokeAll(scanners)) {
                answers.add(answer.get());
            }
        }

        // Then
        Set<String> codes = new HashSet<>();
        for (Response answer : answers) {
            assertTrue(answer.statusCode() < 300, answer.asString());
            JsonPath json = answer.jsonPath();
            codes.add(json.getString("imageId") + json.getString("patientId") + json.getString("specimenId"));
        }
        assertEquals(1, codes.size(), codes.toString());
        assertEquals(
                1, answers.stream().filter(answer -> answer.statusCode() == 202).count());
        assertEquals(
                15,
                answers.stream().filter(answer -> answer.statusCode() == 200).count());
        only(
                records(Topic.SMEAR_IMAGES, SmearImage.class),
                answers.getFirst().jsonPath().getString("imageId"));
    }

    @Test
    void eachBadImageHasItsOwnCode() {
        // Given
        byte[] jpeg = Pictures.noise("jpeg", 5);
        byte[] tooLarge = Arrays.copyOf(Pictures.noise("bmp", 5), ImageLimit.DEFAULT.imageBytes() + 1);

        // Then
        assertAll(
                () -> assertRefused(422, "IMAGE_TRUNCATED", Arrays.copyOf(jpeg, jpeg.length / 2)),
                () -> assertRefused(422, "IMAGE_EMPTY", new byte[0]),
                () -> assertRefused(
                        415, "UNSUPPORTED_MEDIA_TYPE", "This is no image.".getBytes(StandardCharsets.UTF_8)),
                () -> assertRefused(422, "PIXEL_BUDGET_EXCEEDED", Pictures.pngHeader(60_000, 60_000)),
                () -> assertProblem(
                        413, "IMAGE_TOO_LARGE", Scanner.post(tooLarge, Scanner.fields("Specimen-of-size"))));
    }

    @Test
    void everyFieldThatMustBeThereIsNamedWhenItIsNot() {
        for (String field : List.of("patient", "specimen", "specimenType", "kind")) {
            // Given
            Map<String, String> fields = Scanner.fields("Specimen-of-gaps");
            fields.remove(field);

            // When
            Response answer = Scanner.post(Pictures.noise("png", 6), fields);

            // Then
            assertProblem(400, "MISSING_FIELD", answer);
            assertEquals(field, answer.jsonPath().getString("field"));
        }
    }

    @Test
    void aMissingImageIsNamedToo() {
        // When
        Response none = Scanner.request(Scanner.fields("Specimen-of-nothing")).post("/api/v1/images");
        Response text = Scanner.request(Scanner.fields("Specimen-of-nothing"))
                .multiPart("image", "not a file")
                .post("/api/v1/images");

        // Then
        assertProblem(400, "MISSING_FIELD", none);
        assertEquals("image", none.jsonPath().getString("field"));
        assertProblem(400, "INVALID_FIELD", text);
    }

    @Test
    void aPixelSizeThatIsNoNumberIsRefused() {
        // Given
        Map<String, String> fields = Scanner.fields("Specimen-of-nan");
        fields.put("pixelSizeMicrometres", "NaN");

        // When
        Response answer = Scanner.post(Pictures.noise("png", 7), fields);

        // Then
        assertProblem(400, "INVALID_FIELD", answer);
        assertEquals("pixelSizeMicrometres", answer.jsonPath().getString("field"));
    }

    @Test
    void aSpecimenStaysAsItWasRegistered() {
        // Given
        Scanner.post(Pictures.noise("png", 8), Scanner.fields("Specimen-of-conflict"));
        Map<String, String> patient = Scanner.fields("Specimen-of-conflict");
        patient.put("patient", "someone-else");
        Map<String, String> type = Scanner.fields("Specimen-of-conflict");
        type.put("specimenType", "PERIPHERAL_BLOOD");
        Map<String, String> kind = Scanner.fields("Specimen-of-conflict");
        kind.put("kind", "FIELD");

        // When
        Response otherPatient = Scanner.post(Pictures.noise("png", 9), patient);
        Response otherType = Scanner.post(Pictures.noise("png", 9), type);
        Response otherKind = Scanner.post(Pictures.noise("png", 9), kind);

        // Then
        assertProblem(409, "SPECIMEN_BELONGS_TO_OTHER_PATIENT", otherPatient);
        assertProblem(409, "SPECIMEN_TYPE_MISMATCH", otherType);
        assertProblem(409, "SPECIMEN_KIND_MISMATCH", otherKind);
    }

    @Test
    void aBodyOfTwoHundredMegabytesIsRefusedAtOnce() throws Exception {
        // When, then
        withinASecond("a stated length", () -> refusedBody("Content-Length: 209715200\r\n", false));
        withinASecond("no stated length", () -> refusedBody("Transfer-Encoding: chunked\r\n", true));
        awaitNothingInFlight();
    }

    @Test
    void whatDoesNotFitTheAdmissionLimitIsToldToComeAgain() throws Exception {
        // Given as many senders as the limit holds, which have begun and do not go on
        List<Socket> senders = new ArrayList<>();
        try {
            for (int k = 0; k < 5; k++) {
                Socket sender = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
                senders.add(sender);
                sender.getOutputStream()
                        .write(head("Content-Length: " + ImageLimit.DEFAULT.maxBodyBytes() + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            await(() -> inFlight() >= 5.0 * ImageLimit.DEFAULT.maxBodyBytes());

            // When
            byte[] large = Arrays.copyOf(Pictures.noise("bmp", 10), 8 << 20);
            Response answer = Scanner.post(large, Scanner.fields("Specimen-of-crowd"));

            // Then
            assertProblem(429, "TOO_MANY_BYTES_IN_FLIGHT", answer);
            assertNotNull(answer.header("Retry-After"));
        } finally {
            for (Socket sender : senders) {
                sender.close();
            }
        }
        awaitNothingInFlight();
    }

    @Test
    void aSpecimenIsRegisteredOnceAndPublished() {
        // Given
        Map<String, String> specimen = Scanner.fields("Specimen-of-kafka");

        // When
        Response first = given().contentType(ContentType.JSON).body(specimen).post("/api/v1/specimens");
        Response second = given().contentType(ContentType.JSON).body(specimen).post("/api/v1/specimens");

        // Then
        assertEquals(200, first.statusCode(), first.asString());
        assertEquals(first.asString(), second.asString());
        only(
                records(Topic.SPECIMENS, SpecimenRegistered.class),
                first.jsonPath().getString("specimenId"));
    }

    @Test
    void aPatientIsResolvedAndNeverCreated() {
        // Given
        String patientId = Scanner.post(Pictures.noise("png", 11), Scanner.fields("Specimen-of-resolve"))
                .jsonPath()
                .getString("patientId");

        // When
        Response known = resolve("{\"patient\": \" " + Scanner.PATIENT + "\"}");
        Response unknown = resolve("{\"patient\": \"nobody\"}");
        Response unknownStill = resolve("{\"patient\": \"nobody\"}");
        Response blank = resolve("{}");
        Response malformed = resolve("{\"patient\": " + Scanner.PATIENT);
        Response list = resolve("[\"" + Scanner.PATIENT + "\"]");

        // Then
        assertEquals(patientId, known.jsonPath().getString("patientId"));
        assertProblem(404, "PATIENT_UNKNOWN", unknown);
        assertProblem(404, "PATIENT_UNKNOWN", unknownStill);
        assertProblem(400, "MISSING_FIELD", blank);
        assertProblem(400, "MALFORMED_REQUEST", malformed);
        assertProblem(400, "MALFORMED_REQUEST", list);
    }

    @Test
    void everythingElseIsAProblemWithACodeToo() {
        // When
        Response nowhere = given().get("/api/v1/nothing");
        Response outside = given().get("/nothing");
        Response method = given().get("/api/v1/images");
        Response type = given().contentType(ContentType.JSON).body("{}").post("/api/v1/images");
        Response noBoundary = given().config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .encodeContentTypeAs("multipart/form-data", ContentType.TEXT)))
                .header("Content-Type", "multipart/form-data")
                .body("x")
                .post("/api/v1/images");

        // Then
        assertProblem(404, "NOT_FOUND", nowhere);
        assertProblem(404, "NOT_FOUND", outside);
        assertProblem(405, "METHOD_NOT_ALLOWED", method);
        assertProblem(415, "UNSUPPORTED_MEDIA_TYPE", type);
        assertProblem(400, "MALFORMED_REQUEST", noBoundary);
    }

    @Test
    void itIsReadyAndSaysWhatItDoes() {
        // When
        Response ready = given().get("/q/health/ready");
        Response openApi = given().get("/q/openapi");

        // Then
        assertEquals(200, ready.statusCode(), ready.asString());
        assertEquals(
                Set.of("broker", "registry", "vault", "dicom"),
                Set.copyOf(ready.jsonPath().getList("checks.name")));
        assertTrue(openApi.asString().contains("/api/v1/images"));
    }

    @Test
    void whatAnotherSitesPageMakesABrowserSendPublishesNothing() throws Exception {
        // Given
        String specimen =
                "{\"patient\":\"of a web page\",\"specimen\":\"of a web page\",\"specimenType\":\"BONE_MARROW\","
                        + "\"kind\":\"CELL\"}";
        String evil = "Origin: http://evil.example";
        String typed = "Content-Type: application/json";
        String path = "/api/v1/specimens";

        // When, then: untyped, as text, from another origin, and under another name
        assertEquals(415, raw("POST", path, specimen, "localhost"));
        assertEquals(415, raw("POST", path, specimen, "localhost", "Content-Type: text/plain"));
        assertEquals(403, raw("POST", path, specimen, "localhost", typed, evil));
        assertEquals(403, raw("POST", path, specimen, "localhost", typed, "Origin: null"));
        assertEquals(403, raw("POST", path, specimen, "localhost", typed, "Sec-Fetch-Site: cross-site"));
        assertEquals(403, raw("POST", path, specimen, "localhost", typed, "Referer: http://evil.example/a"));
        assertEquals(421, raw("POST", path, specimen, "evil.example", typed));
        assertEquals(421, raw("GET", "/api/v1/images", "", "evil.example"));
        assertEquals(
                403,
                raw(
                        "POST",
                        "/api/v1/images",
                        "--b--",
                        "localhost",
                        "Content-Type: multipart/form-data; boundary=b",
                        evil));
        assertEquals(404, resolve("{\"patient\":\"of a web page\"}").statusCode(), "nobody was registered");
        assertEquals(200, raw("GET", "/q/health/live", "", "ingest-0.ingest"), "a probe asks by whatever name");
        assertEquals(200, raw("POST", path, specimen, "localhost", typed), "the same from no browser");
    }

    @Test
    void noAnswerIsKeptByABrowserOrReadAsAnotherType() throws Exception {
        for (String path : List.of(
                "/nothing", "/api/v1/images", "/api/v1/specimens", "/q/health/ready", "/q/openapi", "/q/metrics")) {
            // When
            String answer = head("GET", path, "", "localhost").toLowerCase(Locale.ROOT);

            // Then
            assertTrue(answer.contains("cache-control: no-store"), path + ": " + answer);
            assertTrue(answer.contains("x-content-type-options: nosniff"), path + ": " + answer);
        }
    }

    /** The status of a request with exactly these headers: a client of Java would add some of its own. */
    private static int raw(String method, String path, String body, String host, String... headers) throws IOException {
        return Integer.parseInt(head(method, path, body, host, headers).substring(9, 12));
    }

    /** Status line and headers of the answer. */
    private static String head(String method, String path, String body, String host, String... headers)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
            request.append("Connection: close\r\n");
            request.append(bytes.length == 0 ? "" : "Content-Length: " + bytes.length + "\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            return head.toString();
        }
    }

    private static Response resolve(String body) {
        return given().contentType(ContentType.JSON).body(body).post("/api/v1/patients/resolve");
    }

    private static void assertRefused(int status, String code, byte[] image) {
        withinASecond(code, () -> {
            double before = refused(code);
            long start = System.nanoTime();
            Response answer = Scanner.post(image, Scanner.fields("Specimen-of-refusals"));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertProblem(status, code, answer);
            assertEquals(before + 1, refused(code), "it is counted");
            return took;
        });
    }

    /** The best of ten tries counts: a machine that is busy with other modules may hold up three in a row, as one did. */
    private static void withinASecond(String what, Callable<Duration> attempt) {
        List<Duration> took = new ArrayList<>();
        try {
            do {
                took.add(attempt.call());
            } while (took.getLast().compareTo(ONE_SECOND) >= 0 && took.size() < 10);
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
        assertTrue(took.getLast().compareTo(ONE_SECOND) < 0, what + " took " + took);
    }

    private static void assertProblem(int status, String code, Response answer) {
        assertEquals(status, answer.statusCode(), answer.asString());
        assertTrue(answer.contentType().startsWith("application/problem+json"), answer.contentType());
        assertEquals(code, answer.jsonPath().getString("code"));
        assertEquals(status, answer.jsonPath().getInt("status"));
        assertNull(answer.jsonPath().getString("stack"));
    }

    /** Sends a body without end and returns how long its refusal took. */
    private static Duration refusedBody(String lengthHeader, boolean chunked) throws IOException {
        long start = System.nanoTime();
        String answer = postForEver(lengthHeader, chunked);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
        assertTrue(answer.contains("application/problem+json"), answer);
        assertTrue(answer.contains("\"code\":\"IMAGE_TOO_LARGE\""), answer);
        return took;
    }

    /** Sends a body without end and returns the answer. */
    private static String postForEver(String lengthHeader, boolean chunked) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(5000);
            Thread sender = Thread.startVirtualThread(() -> send(socket, lengthHeader, chunked));
            StringBuilder answer = new StringBuilder();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            int read = in.read();
            while (read >= 0 && !answer.toString().endsWith("}")) {
                answer.append((char) read);
                read = answer.toString().endsWith("}") ? -1 : in.read();
            }
            sender.interrupt();
            return answer.toString();
        }
    }

    private static void send(Socket socket, String lengthHeader, boolean chunked) {
        byte[] piece = new byte[1 << 20];
        try {
            OutputStream out = socket.getOutputStream();
            out.write(head(lengthHeader).getBytes(StandardCharsets.US_ASCII));
            byte[] part = "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
            write(out, part, chunked);
            for (int k = 0; k < 200; k++) {
                write(out, piece, chunked);
            }
        } catch (IOException e) {
            // The server may hang up once it has answered; the answer is what the test looks at.
            assertFalse(e.getMessage() == null);
        }
    }

    private static void write(OutputStream out, byte[] bytes, boolean chunked) throws IOException {
        if (chunked) {
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            out.write(bytes);
        }
    }

    private static String head(String lengthHeader) {
        return "POST /api/v1/images HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\n" + lengthHeader + "\r\n";
    }

    private static void awaitNothingInFlight() throws InterruptedException {
        await(() -> inFlight() == 0);
    }

    private static void await(Callable<Boolean> condition) throws InterruptedException {
        for (int k = 0; k < 100; k++) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            Thread.sleep(50);
        }
        throw new AssertionError("not within five seconds; in flight: " + inFlight());
    }

    /** Of this application: the gauge of one that another test started before in this process may outlive it. */
    private static double inFlight() {
        return Arc.container().instance(BytesInFlight.class).get().held();
    }

    private static double refused(String code) {
        return metric("leukostream_ingest_refused_total{code=\"" + code + "\"}");
    }

    private static double metric(String name) {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static <T> Logged<T> only(List<Logged<T>> records, String key) {
        List<Logged<T>> keyed = keyed(records, key);
        assertEquals(1, keyed.size(), "records of " + key);
        return keyed.getFirst();
    }

    private static <T> List<Logged<T>> keyed(List<Logged<T>> records, String key) {
        return records.stream().filter(each -> each.raw().key().equals(key)).toList();
    }

    private static <T extends SpecificRecord> List<Logged<T>> records(Topic topic, Class<T> type) {
        String broker = ConfigProvider.getConfig().getValue("leukostream.kafka.bootstrap-servers", String.class);
        List<Logged<T>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(partition -> new TopicPartition(topic.topicName(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofMillis(200))) {
                    records.add(new Logged<>(each, decoded(each.value(), topic, type)));
                }
            }
        }
        return records;
    }

    /** A zero byte and the schema's id in the registry, then Avro binary, as every reader of the topics expects it. */
    private static <T extends SpecificRecord> T decoded(byte[] wire, Topic topic, Class<T> type) {
        assertEquals(0, wire[0]);
        assertTrue(ByteBuffer.wrap(wire).getInt(1) > 0, "a schema's id");
        try {
            // The test's class loader is not the one that Avro would look the class up in.
            SpecificData model = new SpecificData(type.getClassLoader());
            model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
            return new SpecificDatumReader<T>(topic.valueSchema(), topic.valueSchema(), model)
                    .read(null, DecoderFactory.get().binaryDecoder(wire, 5, wire.length - 5, null));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
