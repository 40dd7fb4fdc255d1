package io.leukostream.ingest.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.ingest.EventLog;
import io.leukostream.ingest.LoggedText;
import io.leukostream.ingest.Pictures;
import io.leukostream.ingest.PlatformResource;
import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.messaging.EventPublisher;
import io.leukostream.ingest.metrics.FolderMetrics;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.ingest.vault.Merges;
import io.leukostream.ingest.vault.Vault;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watched folders in front of a real broker and registry. A folder is watched while its resource is open. */
@SuppressWarnings("try")
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
class WatchedFolderTest {
    private static final String SECRET = "Zwickelmeier";
    private static final Duration STABLE_FOR = Duration.ofMillis(1500);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static LoggedText logged;

    @TempDir
    Path folder;

    @Inject
    Intake intake;

    @Inject
    Vault vault;

    @Inject
    Merges merges;

    @Inject
    Admission admission;

    @Inject
    IngestMetrics metrics;

    @Inject
    FolderMetrics folderMetrics;

    @BeforeAll
    static void watchTheLog() {
        logged = new LoggedText();
    }

    @AfterAll
    static void noNameWasLogged() {
        logged.close();
        assertFalse(logged.all().contains(SECRET), "a file's name or field was logged");
    }

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
    }

    @Test
    void anImageWaitsForItsSidecarAndIsAccepted() throws Exception {
        // Given
        byte[] image = Pictures.noise("png", 1);
        try (WatchedFolder watched = watch("1", null, intake)) {
            Files.write(folder.resolve(SECRET + ".png"), image);
            Thread.sleep(2500);
            assertTrue(Files.exists(folder.resolve(SECRET + ".png")));

            // When
            sidecar(SECRET, fields("waiting"));

            // Then
            await(() -> Files.exists(accepted(SECRET + ".png.accepted.json")) && isQuiet());
        }
        JsonNode receipt = JSON.readTree(Files.readString(accepted(SECRET + ".png.accepted.json")));
        String imageId = receipt.path("imageId").asText();
        assertEquals(Identity.imageId(receipt.path("specimenId").asText(), ByteBuffer.wrap(image)), imageId);
        assertFalse(receipt.path("duplicate").asBoolean());
        assertArrayEquals(image, Files.readAllBytes(accepted(SECRET + ".png")));
        assertTrue(Files.exists(accepted(SECRET + ".json")));
        assertEquals(1, published().get(imageId));
    }

    @Test
    void aFileThatIsStillWrittenIsLeftAlone() throws Exception {
        // Given
        byte[] image = Pictures.noise("bmp", 200, 100, 2);
        sidecar("slow", fields("slow"));
        sidecar("renamed", fields("renamed"));
        Path slow = folder.resolve("slow.bmp");
        Path unfinished = folder.resolve("renamed.bmp.part");
        try (WatchedFolder watched = watch("1", null, intake)) {
            // When
            Files.write(unfinished, Arrays.copyOf(image, 1000));
            for (int k = 0; k < 10; k++) {
                int from = image.length * k / 10;
                Files.write(
                        slow,
                        Arrays.copyOfRange(image, from, image.length * (k + 1) / 10),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                Thread.sleep(250);
            }
            await(() -> Files.exists(accepted("slow.bmp.accepted.json")));
            assertTrue(Files.exists(unfinished));
            Files.write(unfinished, image);
            Files.move(unfinished, folder.resolve("renamed.bmp"));

            // Then
            await(() -> Files.exists(accepted("renamed.bmp.accepted.json")) && isQuiet());
        }
        assertEquals(List.of(), names(folder.resolve("refused")));
        assertArrayEquals(image, Files.readAllBytes(accepted("slow.bmp")));
    }

    @Test
    void thePathTellsTheFields() throws Exception {
        // Given
        PathPattern pattern = new PathPattern("{patient}/{specimen}/{kind}/{file}");
        Path image =
                folder.resolve("Änne 李").resolve(SECRET + "-BM").resolve("cell").resolve("Zelle №1.jpg");
        Files.createDirectories(image.getParent());
        Files.write(image, Pictures.noise("jpeg", 3));
        Path misplaced = folder.resolve(SECRET + "-misplaced.jpg");
        Files.write(misplaced, Pictures.noise("jpeg", 4));

        // When
        try (WatchedFolder watched = watch("1", pattern, intake)) {
            await(() -> Files.exists(accepted(folder.relativize(image) + ".accepted.json")));
            await(() -> Files.exists(refused(SECRET + "-misplaced.jpg")) && isQuiet());
        }

        // Then
        assertEquals("MISSING_FIELD", code(SECRET + "-misplaced.jpg"));
        assertTrue(Files.exists(accepted(folder.relativize(image).toString())));
    }

    @Test
    void aRefusedFileHasItsProblemBesideIt() throws Exception {
        // Given
        byte[] jpeg = Pictures.noise("jpeg", 5);
        put("cut", ".jpg", Arrays.copyOf(jpeg, jpeg.length / 2), fields("cut"));
        put("text", ".jpg", SECRET.getBytes(StandardCharsets.UTF_8), fields("text"));
        put("gap", ".jpg", jpeg, Map.of("patient", SECRET));
        Files.write(folder.resolve("broken.jpg"), jpeg);
        Files.writeString(folder.resolve("broken.json"), "{\"patient\": \"" + SECRET);
        put("empty", ".jpg", new byte[0], fields("empty"));

        // When
        try (WatchedFolder watched = watch("1", null, intake)) {
            await(() -> names(folder.resolve("refused")).size() == 15 && isQuiet());
        }

        // Then
        assertEquals("IMAGE_TRUNCATED", code("cut.jpg"));
        assertEquals("UNSUPPORTED_MEDIA_TYPE", code("text.jpg"));
        assertEquals("MISSING_FIELD", code("gap.jpg"));
        assertEquals("MALFORMED_REQUEST", code("broken.jpg"));
        assertEquals("IMAGE_EMPTY", code("empty.jpg"));
        assertEquals(List.of(), names(folder.resolve("accepted")));
    }

    @Test
    void theSameNameAgainKeepsBothAndTheSameBytesAreADuplicate() throws Exception {
        // Given
        byte[] image = Pictures.noise("png", 6);
        try (WatchedFolder watched = watch("1", null, intake)) {
            put("same", ".png", image, fields("same"));
            await(() -> Files.exists(accepted("same.png.accepted.json")) && isQuiet());

            // When
            put("same", ".png", image, fields("same"));
            await(() -> Files.exists(accepted("same~2.png.accepted.json")) && isQuiet());
        }

        // Then
        JsonNode first = JSON.readTree(Files.readString(accepted("same.png.accepted.json")));
        JsonNode second = JSON.readTree(Files.readString(accepted("same~2.png.accepted.json")));
        assertEquals(first.path("imageId"), second.path("imageId"));
        assertTrue(second.path("duplicate").asBoolean());
        assertEquals(1, published().get(first.path("imageId").asText()));
        assertTrue(Files.exists(accepted("same~2.json")));
    }

    @Test
    void whatAKilledInstanceHadTakenIsTakenBack() throws Exception {
        // Given one file of its own last run, whose sidecar was not moved yet, and one of an instance that is gone
        byte[] own = Pictures.noise("png", 7);
        byte[] others = Pictures.noise("png", 8);
        Files.createDirectories(folder.resolve("claimed/1/run-a/ward"));
        Files.createDirectories(folder.resolve("claimed/gone/run-b/ward"));
        Files.createDirectories(folder.resolve("claimed/alive/run-c"));
        Files.createDirectories(folder.resolve("ward"));
        Files.write(folder.resolve("claimed/1/run-a/ward/own.png"), own);
        Files.writeString(folder.resolve("ward/own.json"), JSON.writeValueAsString(fields("own")));
        Files.write(folder.resolve("claimed/gone/run-b/ward/others.png"), others);
        Files.writeString(
                folder.resolve("claimed/gone/run-b/ward/others.json"), JSON.writeValueAsString(fields("others")));
        Path beat = folder.resolve("claimed/gone/.alive");
        Files.writeString(beat, "");
        Files.setLastModifiedTime(beat, FileTime.from(Instant.now().minusSeconds(3600)));
        Files.writeString(folder.resolve("claimed/alive/.alive"), "");
        Files.write(folder.resolve("claimed/alive/run-c/theirs.png"), others);

        // When
        try (WatchedFolder watched = watch("1", null, intake)) {
            await(() -> Files.exists(accepted("ward/own.png.accepted.json"))
                    && Files.exists(accepted("ward/others.png.accepted.json"))
                    && isQuiet());
        }

        // Then
        assertArrayEquals(own, Files.readAllBytes(accepted("ward/own.png")));
        assertArrayEquals(others, Files.readAllBytes(accepted("ward/others.png")));
        assertTrue(Files.exists(folder.resolve("claimed/alive/run-c/theirs.png")));
    }

    @Test
    void linksAreNotFollowed(@TempDir Path elsewhere) throws Exception {
        // Given
        Files.write(elsewhere.resolve("outside.png"), Pictures.noise("png", 9));
        Files.createSymbolicLink(folder.resolve("link.png"), elsewhere.resolve("outside.png"));
        Files.createSymbolicLink(folder.resolve("linked"), elsewhere);
        sidecar("link", fields("link"));
        Files.writeString(elsewhere.resolve("outside.json"), JSON.writeValueAsString(fields("outside")));

        // When
        try (WatchedFolder watched = watch("1", null, intake)) {
            put("real", ".png", Pictures.noise("png", 10), fields("real"));
            await(() -> Files.exists(accepted("real.png.accepted.json")));
            Thread.sleep(1000);
        }

        // Then
        assertTrue(Files.exists(folder.resolve("link.png"), LinkOption.NOFOLLOW_LINKS));
        assertTrue(Files.exists(elsewhere.resolve("outside.png")));
        assertEquals(3, names(folder.resolve("accepted")).size());
    }

    @Test
    void twoInstancesTakeEachFileOnce() throws Exception {
        // Given
        int count = 300;
        for (int k = 0; k < count; k++) {
            put("crowd-" + k, ".png", Pictures.noise("png", 1000 + k), fields("crowd-" + k % 7));
        }

        // When
        try (EventPublisher publisher = publisher(platform());
                WatchedFolder first = watch("1", null, intake);
                WatchedFolder second = watch("2", null, intake(publisher))) {
            await(() -> names(folder.resolve("accepted")).size() == 3 * count && isQuiet("1") && isQuiet("2"));
        }

        // Then
        Map<String, Integer> published = published();
        Map<String, Integer> receipts = receiptsBySpecimen();
        Set<String> images = new HashSet<>();
        Map<String, Integer> bySpecimen = new HashMap<>();
        for (String name : names(folder.resolve("accepted"))) {
            if (name.endsWith(".accepted.json")) {
                JsonNode receipt = JSON.readTree(Files.readString(accepted(name)));
                assertFalse(receipt.path("duplicate").asBoolean(), name);
                images.add(receipt.path("imageId").asText());
                bySpecimen.merge(receipt.path("specimenId").asText(), 1, Integer::sum);
            }
        }
        assertEquals(count, images.size());
        for (String image : images) {
            assertEquals(1, published.get(image), image);
        }
        bySpecimen.forEach((specimen, number) -> assertEquals(number, receipts.get(specimen), specimen));
        assertEquals(List.of(), names(folder.resolve("refused")));
        assertEquals(List.of(), names(folder));
    }

    @Test
    void whileTheBrokerIsAwayNothingIsLost() throws Exception {
        // Given
        byte[] image = Pictures.noise("png", 11);
        put("patient", ".png", image, fields("broker"));
        try (EventPublisher publisher = publisher("127.0.0.1:1");
                WatchedFolder watched = watch("1", null, intake(publisher))) {
            await(() -> logged.all().contains("BROKER_UNAVAILABLE"));
            assertEquals(List.of(), names(folder.resolve("accepted")));
            assertEquals(List.of(), names(folder.resolve("refused")));
        }

        // When
        try (WatchedFolder watched = watch("1", null, intake)) {
            await(() -> Files.exists(accepted("patient.png.accepted.json")) && isQuiet());
        }

        // Then
        assertArrayEquals(image, Files.readAllBytes(accepted("patient.png")));
    }

    private WatchedFolder watch(String instance, PathPattern pattern, Intake to) throws IOException {
        WatchSettings settings = new WatchSettings(
                folder,
                instance,
                pattern,
                pattern == null ? Map.of() : Map.of("specimenType", "BONE_MARROW"),
                STABLE_FOR,
                Duration.ofMillis(100),
                Duration.ofMinutes(1),
                4);
        return new WatchedFolder(settings, to, admission, metrics, folderMetrics);
    }

    /** As another process would have it, but for the database. */
    private Intake intake(EventPublisher publisher) {
        return new Intake(
                ImageLimit.DEFAULT,
                new ImageInspector(100_000_000),
                vault,
                merges,
                publisher,
                position -> true,
                Clock.systemUTC());
    }

    private static EventPublisher publisher(String broker) {
        return new EventPublisher(
                broker,
                ConfigProvider.getConfig().getValue("leukostream.registry.url", String.class),
                ImageLimit.DEFAULT,
                broker.equals(platform()) ? Duration.ofSeconds(10) : Duration.ofSeconds(1));
    }

    private static String platform() {
        return ConfigProvider.getConfig().getValue("leukostream.kafka.bootstrap-servers", String.class);
    }

    private static Map<String, Object> fields(String specimen) {
        return Map.of(
                "patient",
                SECRET + "-" + specimen,
                "specimen",
                SECRET + "-specimen-" + specimen,
                "specimenType",
                "BONE_MARROW",
                "kind",
                "CELL",
                "pixelSizeMicrometres",
                0.125);
    }

    private void put(String base, String extension, byte[] image, Map<String, ?> fields) throws IOException {
        Files.write(folder.resolve(base + extension), image);
        sidecar(base, fields);
    }

    private void sidecar(String base, Map<String, ?> fields) throws IOException {
        Files.writeString(folder.resolve(base + ".json"), JSON.writeValueAsString(fields));
    }

    private Path accepted(String name) {
        return folder.resolve("accepted").resolve(name);
    }

    private Path refused(String name) {
        return folder.resolve("refused").resolve(name);
    }

    private String code(String name) throws IOException {
        JsonNode problem = JSON.readTree(Files.readString(refused(name + ".problem.json")));
        assertFalse(problem.toString().contains(SECRET), problem.toString());
        assertEquals(
                "urn:leukostream:problem:" + problem.path("code").asText(),
                problem.path("type").asText());
        return problem.path("code").asText();
    }

    /** Nothing is being taken in. */
    private boolean isQuiet() {
        return isQuiet("1");
    }

    private boolean isQuiet(String instance) {
        try (Stream<Path> files = Files.walk(folder.resolve("claimed").resolve(instance))) {
            return files.filter(Files::isRegularFile)
                    .allMatch(file -> file.getFileName().toString().equals(".alive"));
        } catch (IOException | UncheckedIOException e) {
            // A folder went while it was walked through.
            return false;
        }
    }

    /** Names of the files in a folder, hidden ones aside. */
    private static List<String> names(Path in) {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int k = 0; k < 1200; k++) {
            if (condition.call()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("not within a minute");
    }

    /** Records of each image. */
    private static Map<String, Integer> published() {
        return keys(Topic.SMEAR_IMAGES);
    }

    private static Map<String, Integer> receiptsBySpecimen() {
        return keys(Topic.IMAGE_RECEIPTS);
    }

    private static Map<String, Integer> keys(Topic topic) {
        Map<String, Integer> keys = new HashMap<>();
        EventLog.of(topic.topicName())
                .forEach(each -> keys.merge(new String(each.key(), StandardCharsets.UTF_8), 1, Integer::sum));
        return keys;
    }
}
