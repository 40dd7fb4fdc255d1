package io.leukostream.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.leukostream.integration.RunningSystem.Answer;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.Topic;
import io.leukostream.simulator.planted.Planted;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The system as a user starts it, from scanner to verdict and alert. The tests run in order on one system, since starting
 * one takes half a minute; the last one ends its supervisor with SIGKILL; what happens
 * when the services die is {@link FaultTest}'s.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndTest {
    private static final int IMAGES = 60;
    private static final int STATUS_TRIES = 10;

    /** The longer way: {@code -Dleukostream.registry.halted=PT2M}. */
    private static final Duration REGISTRY_HALTED =
            Duration.parse(System.getProperty("leukostream.registry.halted", "PT10S"));

    /** How soon a label is seen in the verdict, and the alert that it raises. */
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(2);

    private static final Path HOME = Path.of(System.getProperty("leukostream.home"));
    private static final Path EXAMPLES = HOME.resolve("docs/examples");
    private static final Path GOLDEN = HOME.resolve("inference-service/src/test/resources/golden");

    @TempDir
    static Path folder;

    private static RunningSystem system;
    private static List<Path> images;
    private static String evidenceHash = "";
    private static String patientId = "";
    private static String specimenId = "";
    private static int publishedDirectly;

    @BeforeAll
    static void start() throws Exception {
        images = SmearImages.ofOneSubject(folder.resolve("synthetic"), IMAGES);
        system = RunningSystem.start(folder.resolve("first"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (system != null) {
            system.close();
        }
    }

    @Test
    @Order(1)
    void everyComponentIsUp() throws Exception {
        // Given, When: up said that all were ready; a stream may still share out its partitions once more
        Answer status = system.command("status", "--json");
        for (int again = 0; status.status() != 0 && again < STATUS_TRIES; again++) {
            Thread.sleep(500);
            status = system.command("status", "--json");
        }

        // Then
        assertEquals(0, status.status(), status.out() + status.err());
        Set<String> names = new HashSet<>();
        for (JsonNode component : status.json().path("components")) {
            names.add(component.path("name").asText());
            assertEquals("UP", component.path("health").asText(), component.toString());
            assertEquals(0, component.path("restarts").asInt());
        }
        assertEquals(Set.of("broker", "registry", "ingest", "inference", "results"), names);
    }

    @Test
    @Order(2)
    void scannedImagesBecomeAVerdict() throws Exception {
        // Given, When
        Answer scan = scan(system, "A", "A1", images);

        // Then
        assertEquals(0, scan.status(), scan.err());
        JsonNode verdict = scan.json().path("verdict");
        JsonNode specimen = verdict.path("specimens").get(0);
        assertEquals(IMAGES, specimen.path("images").path("received").asInt());
        assertEquals(IMAGES, specimen.path("images").path("classified").asInt());
        assertEquals(0, specimen.path("images").path("pending").asInt());
        // Of drawn cells, where no real ones are at hand, the gate refuses some: they are found, and not counted.
        int found = specimen.path("cells").path("counted").asInt()
                + specimen.path("cells").path("gated").asInt();
        assertTrue(found > IMAGES / 2, specimen.toString());
        assertTrue(verdict.path("researchUseOnly").asBoolean());
        assertTrue(verdict.path("evidenceHash").asText().matches("sha256:[0-9a-f]{64}"));
        evidenceHash = verdict.path("evidenceHash").asText();
        patientId = verdict.path("patientId").asText();
        specimenId = specimen.path("specimenId").asText();
        JsonNode byCode = system.command("verdict", patientId, "--json").json();
        JsonNode byIdentifier = system.command("verdict", "A", "--json").json();
        assertEquals(byCode, byIdentifier);
        assertEquals(evidenceHash, byCode.path("evidenceHash").asText());
    }

    @Test
    @Order(3)
    void theSameImagesAgainChangeNothing() throws Exception {
        // Given
        List<Path> reversed = images.reversed();

        // When
        Answer scan = scan(system, "A", "A1", reversed);

        // Then
        assertEquals(0, scan.status(), scan.err());
        scan.json()
                .path("images")
                .forEach(image -> assertTrue(image.path("duplicate").asBoolean()));
        assertEquals(
                evidenceHash, scan.json().path("verdict").path("evidenceHash").asText());
    }

    @Test
    @Order(4)
    void theSameImagesOfAnotherPatientInAnotherOrderAreTheSameEvidence() throws Exception {
        // Given
        List<Path> shuffled = new ArrayList<>(images);
        Collections.shuffle(shuffled, new Random(4));

        // When
        Answer scan = scan(system, "B", "B1", shuffled);

        // Then
        JsonNode verdict = scan.json().path("verdict");
        assertNotEquals(patientId, verdict.path("patientId").asText());
        assertEquals(evidenceHash, verdict.path("evidenceHash").asText());
        JsonNode first = system.get("/api/v1/patients/" + patientId + "/verdict");
        assertEquals(numbers(first), numbers(verdict));
    }

    @Test
    @Order(5)
    void randomLabelsDecideAndRaiseExactlyOneAlertThatIsReadBack() throws Exception {
        // Given, When
        String state = labelledAsBlasts(patientId, specimenId, Duration.ofSeconds(10));

        // Then
        assertEquals("BLASTS_SUSPECTED", state);
        RunningSystem.await(
                "the alert is listed",
                Duration.ofSeconds(2),
                () -> !alertsOf(patientId).isEmpty());
        JsonNode alert = alertsOf(patientId).getFirst();
        assertEquals(patientId + ".1", alert.path("alertId").asText());
        assertEquals("BLASTS_SUSPECTED", alert.path("verdictState").asText());
        String path = "/api/v1/alerts/" + alert.path("alertId").asText() + "/acknowledgements";
        assertEquals(422, system.post(path, readBack("INDETERMINATE")).statusCode());
        assertEquals(2, system.post(path, readBack("BLASTS_SUSPECTED")).statusCode() / 100);
        RunningSystem.await(
                "the alert is acknowledged",
                Duration.ofSeconds(10),
                () -> state(patientId).equals("ACKNOWLEDGED"));
        assertTrue(system.command("alerts", "--json")
                .out()
                .contains(alert.path("alertId").asText()));
    }

    /**
     * Labels cells drawn at random as blasts, one by one, until that decides.
     *
     * @param limit within which each label is seen in the verdict
     * @return the patient's state after it, or after twenty labels
     */
    private static String labelledAsBlasts(String patient, String specimen, Duration limit)
            throws IOException, InterruptedException {
        var frame = system.post("/api/v1/specimens/" + specimen + "/frames", Map.of("reviewer", "reader"));
        assertEquals(200, frame.statusCode(), frame.body());
        String state = "";
        for (int label = 1; label <= 20 && !state.equals("BLASTS_SUSPECTED"); label++) {
            label(specimen, "BLAST");
            int given = label;
            RunningSystem.await("the label is seen in the verdict", limit, () -> reviewedCells(patient) >= given);
            state = verdict(patient).path("state").asText();
        }
        return state;
    }

    /** Labels the next cell drawn at random. */
    private static void label(String specimen, String label) throws IOException, InterruptedException {
        JsonNode draws = system.get("/api/v1/specimens/" + specimen + "/draws?reviewer=reader&count=1");
        String cellId = draws.path("items").get(0).path("cellId").asText();
        var answer = system.post(
                "/api/v1/specimens/" + specimen + "/reviews",
                Map.of("cellId", cellId, "label", label, "reviewer", "reader"));
        assertEquals(202, answer.statusCode(), answer.body());
    }

    @Test
    @Order(9)
    void aRegistryThatIsHaltedStopsNoImageNoLabelAndNoAlert() throws Exception {
        // Given
        JsonNode verdict = scan(system, "H", "H1", images).json().path("verdict");
        String patient = verdict.path("patientId").asText();
        String specimen = verdict.path("specimens").get(0).path("specimenId").asText();
        Path further = SmearImages.ofOneSubject(folder.resolve("further"), 1).getFirst();
        long end = System.nanoTime() + REGISTRY_HALTED.toNanos();

        // When
        boolean halted = system.whileHalted("registry", () -> {
            assertEquals("BLASTS_SUSPECTED", labelledAsBlasts(patient, specimen, SEEN_WITHIN));
            RunningSystem.await(
                    "the alert is listed", SEEN_WITHIN, () -> !alertsOf(patient).isEmpty());
            String pushed = system.push(further, "H-2");
            RunningSystem.await(
                    "the image counts",
                    Duration.ofSeconds(20),
                    () -> images(pushed).path("classified").asInt() == 1);
            do {
                assertEquals(200, system.statusOf(system.url() + "/q/health/ready"));
                assertEquals(200, system.statusOf(system.ingestUrl() + "/q/health/ready"));
                Thread.sleep(1_000);
            } while (System.nanoTime() < end);
        });

        // Then
        assertTrue(halted, "the registry was restarted meanwhile");
        int labelled = reviewedCells(patient);
        label(specimen, "NOT_BLAST");
        RunningSystem.await("the label is seen in the verdict", SEEN_WITHIN, () -> reviewedCells(patient) > labelled);
        Answer reconcile = system.command("reconcile", "--json");
        assertEquals(0, reconcile.status(), reconcile.out() + reconcile.err());
    }

    @Test
    @Order(6)
    void whatCannotBeUsedIsRefusedByNameAndTheRestGoesOn() throws Exception {
        // Given
        Path bad = Files.createDirectories(folder.resolve("bad"));
        Path text = Files.writeString(bad.resolve("text.png"), "not a picture");
        Path empty = Files.write(bad.resolve("empty.png"), new byte[0]);
        byte[] whole = Files.readAllBytes(images.getFirst());
        Path cut = Files.write(bad.resolve("cut.bin"), Arrays.copyOf(whole, whole.length / 2));

        // When
        Answer scan = scan(system, "C", "C1", List.of(text, empty, cut, images.get(0), images.get(1)));

        // Then
        assertEquals(3, scan.status(), scan.out());
        JsonNode answers = scan.json().path("images");
        assertEquals("UNSUPPORTED_MEDIA_TYPE", answers.get(0).path("code").asText());
        assertEquals("IMAGE_EMPTY", answers.get(1).path("code").asText());
        assertEquals("IMAGE_TRUNCATED", answers.get(2).path("code").asText());
        assertTrue(answers.get(3).path("accepted").asBoolean());
        assertEquals(
                2,
                scan.json()
                        .path("verdict")
                        .path("specimens")
                        .get(0)
                        .path("images")
                        .path("received")
                        .asInt());
    }

    @Test
    @Order(6)
    void aRejectedImageIsSentAgainAsANewAttemptOfTheSameImage() throws Exception {
        // Given: a field in which nothing tells the pixel size
        Path grey = folder.resolve("grey.png");
        BufferedImage picture = new BufferedImage(300, 300, BufferedImage.TYPE_3BYTE_BGR);
        Arrays.fill(((DataBufferByte) picture.getRaster().getDataBuffer()).getData(), (byte) 200);
        ImageIO.write(picture, "png", grey.toFile());
        Answer scan = scan(system, "R", "R1", "field", List.of(grey));
        String imageId = scan.json().path("images").get(0).path("imageId").asText();
        String image = "/api/v1/images/" + imageId;
        String before = system.get(image).path("reason").asText();

        // When
        Answer requeue = system.command("requeue", "--reason", before, "--yes");
        RunningSystem.await(
                "the outcome of the second attempt",
                Duration.ofSeconds(30),
                () -> got(image).path("attempt").asInt() == 2);

        // Then
        assertEquals("PIXEL_SIZE_UNKNOWN", before);
        assertEquals(0, requeue.status(), requeue.out() + requeue.err());
        assertTrue(requeue.out().contains(imageId + ": "), requeue.out());
        JsonNode sums = system.get("/api/v1/specimens/" + imageId.substring(0, imageId.indexOf('.')))
                .path("images");
        assertEquals(1, sums.path("received").asInt());
        assertEquals(1, sums.path("rejected").asInt());
        assertEquals(0, sums.path("pending").asInt());
    }

    @Test
    @Order(7)
    void everyImageIsAccountedFor() throws Exception {
        // Given, When
        Answer reconcile = system.command("reconcile", "--json");

        // Then
        assertEquals(0, reconcile.status(), reconcile.out() + reconcile.err());
        assertEquals(
                2 * IMAGES + 3 + publishedDirectly,
                reconcile.json().path("received").asInt());
        assertEquals(0, reconcile.json().path("pending").size());
    }

    @Test
    @Order(7)
    void theAuditIsProvedFromTheTopicAndWhatSomebodyElseWroteThereIsNamed() throws Exception {
        // Given
        Path heads = folder.resolve("heads");
        Answer kept = system.command("audit", "--heads", heads.toString());
        Answer sound = system.command("audit", "A", "--against", heads.toString());

        // When
        long offset = publishToAudit(patientId, "no link".getBytes(StandardCharsets.UTF_8));
        Answer changed = system.command("audit", patientId, "--json");

        // Then
        assertEquals(0, kept.status(), kept.out() + kept.err());
        assertEquals(
                4 + publishedDirectly,
                Files.readAllLines(heads).size(),
                "patients A, B, C and R, and those of the examples");
        assertEquals(0, sound.status(), sound.out() + sound.err());
        assertTrue(sound.out().contains("reader: label BLAST on cell"), sound.out());
        assertTrue(sound.out().contains("alert acknowledged"), sound.out());
        assertEquals(1, changed.status(), changed.out());
        JsonNode findings = changed.json().path("findings");
        assertEquals(1, findings.size(), changed.out());
        assertEquals("READABLE", findings.get(0).path("check").asText());
        assertEquals(offset, findings.get(0).path("offset").asLong());
        assertEquals(0, system.command("audit", "B").status());
    }

    private static long publishToAudit(String key, byte[] value) throws Exception {
        int port = 0;
        for (JsonNode component : system.command("status", "--json").json().path("components")) {
            if (component.path("name").asText().equals("broker")) {
                port = component.path("port").asInt();
            }
        }
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + port), new StringSerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>("patient.audit", key, value))
                    .get()
                    .offset();
        }
    }

    @Test
    @Order(8)
    void anotherBundleIsReplayedAndComparedWithoutTouchingAVerdict() throws Exception {
        // Given: the serving bundle under another hash
        Path bundle = Files.createDirectories(folder.resolve("trial"));
        Path served = HOME.resolve("inference-service/models/leukostream-cells/2.4.0");
        Files.copy(served.resolve("model.onnx"), bundle.resolve("model.onnx"));
        String description = Files.readString(served.resolve("model.json"));
        Files.writeString(
                bundle.resolve("model.json"), description.replace("\"version\": \"2.4.0\"", "\"version\": \"2.4.1\""));
        JsonNode before = system.get("/api/v1/patients/" + patientId + "/verdict");

        // When
        Answer replay = system.command("replay", "--bundle", bundle.toString());

        // Then
        assertEquals(0, replay.status(), replay.err());
        Answer compare = system.command("compare", "--bundle", "leukostream-cells/2.4.1", "--json");
        assertEquals(0, compare.status(), compare.err());
        JsonNode comparison = compare.json();
        assertTrue(comparison.path("patientsCompared").asInt() >= 2, comparison.toString());
        assertEquals(0, comparison.path("patientsDiffer").asInt(), comparison.toString());
        assertEquals(0, comparison.path("cellsCalledDifferently").asInt(), comparison.toString());
        assertEquals(0, comparison.path("notCompared").size(), comparison.toString());
        assertEquals(1, system.command("compare", "--bundle", "nobody/1.0.0").status());
        assertEquals(before, system.get("/api/v1/patients/" + patientId + "/verdict"));
    }

    @Test
    @Order(9)
    void noIdentifierLeavesTheVault() throws Exception {
        // Given: an identifier in every place of a file, in its name and in every field
        String identifier = "Quirinius";
        byte[] png = Files.readAllBytes(GOLDEN.resolve("small-450.png"));
        byte[] jpeg = Files.readAllBytes(GOLDEN.resolve("jpeg-450.jpg"));
        List<Path> files = List.of(
                planted("Quirinius-name.png", Planted.png(png, "Quirinius-file")),
                planted("Quirinius-name.jpg", Planted.jpeg(jpeg, "Quirinius-file")));

        // When
        Answer scan = scan(system, "Quirinius-patient", "Quirinius-specimen", files);
        Answer refused = scan(system, "Quirinius-other", "Quirinius-specimen", files);
        Answer verdict = system.command("verdict", "Quirinius-patient", "--json");

        // Then
        assertEquals(0, scan.status(), scan.out() + scan.err());
        assertEquals(3, refused.status(), refused.out());
        assertEquals(0, verdict.status(), verdict.err());
        assertFalse(verdict.out().contains(identifier), verdict.out());
        IdentifierSearch search = new IdentifierSearch(system, identifier);
        assertEquals(List.of(), search.found());
        assertTrue(search.searched() > 4 * IMAGES, "keys and values of images and outcomes at least");
        assertTrue(search.isInFolder("ingest"), "in the vault, where it belongs, the search finds it");
    }

    private static Path planted(String name, byte[] file) throws IOException {
        return Files.write(Files.createDirectories(folder.resolve("planted")).resolve(name), file);
    }

    @ParameterizedTest
    @Order(6)
    @ValueSource(strings = {"scanner.py", "scanner.mjs"})
    void aScannerInAnotherLanguagePublishesByItself(String example) throws Exception {
        // Given
        List<String> interpreter = interpreter(example);
        String site = example.replace('.', '-');
        String png = GOLDEN.resolve("small-450.png").toString();

        // When
        Answer published = RunningSystem.run(
                Stream.of(
                                interpreter.stream(),
                                Stream.of(EXAMPLES.resolve(example).toString(), "--patient", site, "--specimen", site),
                                Stream.of("--type", "BONE_MARROW", "--kind", "CELL", "--scanner", "north-2", "--stat"),
                                Stream.of("--ingest", system.ingestUrl(), "--broker", system.bootstrapServers()),
                                Stream.of("--registry", system.registryUrl(), png))
                        .flatMap(parts -> parts)
                        .toList(),
                Map.of());

        // Then
        assertEquals(0, published.status(), published.err());
        publishedDirectly++;
        String imageId = published.json().path("imageId").asText();
        RunningSystem.await(
                "its outcome", Duration.ofSeconds(30), () -> outcome(imageId).equals("CLASSIFIED"));
        JsonNode verdict = system.command("verdict", site, "--json").json();
        assertEquals(
                1,
                verdict.path("specimens")
                        .get(0)
                        .path("images")
                        .path("classified")
                        .asInt(),
                verdict.toString());
    }

    /** What runs an example; the test is skipped where it or a library that the example needs is not there. */
    private static List<String> interpreter(String example) throws Exception {
        if (example.endsWith(".py")) {
            Assumptions.assumeTrue(
                    runs("/usr/bin/python3", "-c", "import avro, confluent_kafka, PIL"),
                    "skipped: Debian's python3-avro, python3-confluent-kafka or python3-pil is not installed");
            return List.of("/usr/bin/python3");
        }
        Assumptions.assumeTrue(
                Files.isDirectory(EXAMPLES.resolve("node_modules")) && runs("node", "--version"),
                "skipped: no Node, or no `npm install` was run in docs/examples");
        return List.of("node");
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return RunningSystem.run(List.of(command), Map.of()).status() == 0;
        } catch (IOException e) {
            // It is not installed.
            return false;
        }
    }

    private static String outcome(String imageId) {
        try {
            return system.get("/api/v1/images/" + imageId).path("outcome").asText();
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(9)
    void mergedPatientsHaveTheVerdictOfOneAndTakenBackTheirOwn() throws Exception {
        // Given: the specimens of B and C, sent under one identifier from the start
        scan(system, "D", "D1", images);
        JsonNode together = scan(system, "D", "D2", images.subList(0, 2)).json().path("verdict");
        JsonNode own = system.command("verdict", "C", "--json").json();
        String codeOfC = own.path("patientId").asText();
        String codeOfB = system.command("verdict", "B", "--json")
                .json()
                .path("patientId")
                .asText();
        Map<String, String> grounds = Map.of("by", "Dr Reader", "reason", "two requests for one child");

        // When
        Map<String, String> merge = new HashMap<>(grounds);
        merge.putAll(Map.of("from", "C", "into", "B"));
        var merged = system.postToIngest("/api/v1/patients/merge", merge);

        // Then
        assertEquals(200, merged.statusCode(), merged.body());
        RunningSystem.await(
                "both verdicts follow",
                Duration.ofSeconds(10),
                () -> verdict(codeOfC).path("mergedInto").asText().equals(codeOfB)
                        && verdict(codeOfB).path("specimens").size() == 2);
        JsonNode verdict = system.command("verdict", "C", "--json").json();
        assertEquals(codeOfB, verdict.path("patientId").asText(), "the old identifier leads to the other code");
        assertEquals(
                together.path("evidenceHash").asText(),
                verdict.path("evidenceHash").asText());
        assertEquals(together.path("state").asText(), verdict.path("state").asText());
        Answer reconcile = system.command("reconcile", "--json");
        assertEquals(0, reconcile.status(), reconcile.out());
        Answer audit = system.command("audit", codeOfC);
        assertEquals(0, audit.status(), audit.out());
        assertTrue(audit.out().contains("Dr Reader"), audit.out());
        assertEquals(0, system.command("audit", codeOfB).status());

        // When
        Map<String, String> unmerge = new HashMap<>(grounds);
        unmerge.put("from", "C");
        var takenBack = system.postToIngest("/api/v1/patients/unmerge", unmerge);

        // Then
        assertEquals(200, takenBack.statusCode(), takenBack.body());
        RunningSystem.await(
                "the specimen is where it was",
                Duration.ofSeconds(10),
                () -> verdict(codeOfC).path("specimens").size() == 1
                        && verdict(codeOfB).path("specimens").size() == 1);
        assertEquals(
                own.path("evidenceHash").asText(),
                verdict(codeOfC).path("evidenceHash").asText());
        assertEquals(0, system.command("reconcile").status());
    }

    private static JsonNode verdict(String code) {
        return got("/api/v1/patients/" + code + "/verdict");
    }

    /** For where no checked exception may pass. */
    private static JsonNode got(String path) {
        try {
            return system.get(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(10)
    void ofImagesThatExpiredWhileInferenceStoodStillOneIsSentAgainAndTheOtherEndsAsExpired() throws Exception {
        // Given
        List<Path> files = SmearImages.ofOneSubject(folder.resolve("expiring"), 2);
        String[] specimens = new String[3];

        // When: the log forgets both before inference has read them
        boolean halted = system.whileHalted("inference", () -> {
            // What inference asked the broker for before it was halted is answered by now, with nothing.
            Thread.sleep(2_000);
            specimens[0] = system.push(files.get(0), "expired-0");
            specimens[1] = system.push(files.get(1), "expired-1");
            forget(Topic.SMEAR_IMAGES);
            specimens[2] = system.push(files.get(0), "expired-0");
        });

        // Then
        assertTrue(halted, "inference was restarted meanwhile");
        assertEquals(specimens[0], specimens[2]);
        RunningSystem.await(
                "both outcomes",
                Duration.ofSeconds(90),
                () -> images(specimens[0]).path("classified").asInt() == 1
                        && images(specimens[1]).path("rejected").asInt() == 1);
        for (String specimen : List.of(specimens[0], specimens[1])) {
            assertEquals(1, images(specimen).path("received").asInt());
            assertEquals(0, images(specimen).path("pending").asInt());
        }
        JsonNode again = image(specimens[0], files.get(0));
        assertEquals("CLASSIFIED", again.path("outcome").asText());
        assertEquals(2, again.path("attempt").asInt());
        assertEquals("EXPIRED", image(specimens[1], files.get(1)).path("reason").asText());
        Answer reconcile = system.command("reconcile", "--json");
        assertEquals(0, reconcile.status(), reconcile.out() + reconcile.err());
    }

    /** For where no checked exception may pass. */
    private static JsonNode images(String specimen) {
        try {
            return system.imagesOf(specimen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode image(String specimen, Path file) throws IOException {
        return got("/api/v1/images/" + Identity.imageId(specimen, ByteBuffer.wrap(Files.readAllBytes(file))));
    }

    /** Deletes all that the topic holds, as its retention would. */
    private static void forget(Topic topic) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", system.bootstrapServers()))) {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            for (int partition = 0; partition < topic.partitions(); partition++) {
                all.put(new TopicPartition(topic.topicName(), partition), RecordsToDelete.beforeOffset(-1));
            }
            admin.deleteRecords(all).all().get();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    @Test
    @Order(10)
    void aStoppedSystemGoesOnWhereItStopped() throws Exception {
        // Given
        JsonNode before = system.get("/api/v1/patients/" + patientId + "/verdict");
        system.command("down");

        // When
        system.up();

        // Then
        assertEquals(before, system.get("/api/v1/patients/" + patientId + "/verdict"));
        assertEquals("ACKNOWLEDGED", state(patientId));
    }

    @Test
    @Order(11)
    void aKilledSupervisorLeavesNoOrphanAndTheNextStartGoesOn() throws Exception {
        // Given
        JsonNode before = system.get("/api/v1/patients/" + patientId + "/verdict");
        List<Long> pids = system.allPids();

        // When
        ProcessHandle.of(pids.getFirst()).orElseThrow().destroyForcibly();
        RunningSystem.await(
                "no orphan stays",
                Duration.ofSeconds(60),
                () -> pids.stream()
                        .noneMatch(pid -> ProcessHandle.of(pid)
                                .map(ProcessHandle::isAlive)
                                .orElse(false)));
        system.up();

        // Then
        assertEquals(before, system.get("/api/v1/patients/" + patientId + "/verdict"));
    }

    private static Answer scan(RunningSystem target, String patient, String specimen, List<Path> files)
            throws IOException, InterruptedException {
        return scan(target, patient, specimen, "cell", files);
    }

    private static Answer scan(RunningSystem target, String patient, String specimen, String kind, List<Path> files)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("scan"));
        files.forEach(file -> arguments.add(file.toString()));
        arguments.addAll(List.of(
                "--patient",
                patient,
                "--specimen",
                specimen,
                "--kind",
                kind,
                "--wait",
                "--json",
                "--url",
                target.url()));
        return RunningSystem.run(arguments.toArray(String[]::new));
    }

    private static Map<String, Object> readBack(String state) {
        return Map.of("acknowledgedBy", "Dr Reader", "readBack", Map.of("patientId", patientId, "state", state));
    }

    private static int reviewedCells(String patient) {
        return verdict(patient)
                .path("specimens")
                .get(0)
                .path("cells")
                .path("reviewed")
                .asInt();
    }

    private static String state(String patient) {
        return alertsOf(patient).getFirst().path("state").asText();
    }

    /** The patient's alert where the list has it already; a patient here has one at most. */
    private static List<JsonNode> alertsOf(String patient) {
        List<JsonNode> alerts = new ArrayList<>();
        for (JsonNode alert : got("/api/v1/alerts").path("items")) {
            if (alert.path("patientId").asText().equals(patient)) {
                alerts.add(alert);
            }
        }
        assertTrue(alerts.size() <= 1, alerts.toString());
        return alerts;
    }

    private static List<JsonNode> numbers(JsonNode verdict) {
        JsonNode specimen = verdict.path("specimens").get(0);
        return List.of(
                verdict.path("state"), specimen.path("images"), specimen.path("cells"), specimen.path("blastFraction"));
    }
}
