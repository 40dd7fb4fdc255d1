package io.leukostream.ingest.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.leukostream.ingest.EventLog;
import io.leukostream.ingest.PlatformResource;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.metrics.FolderMetrics;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.schemas.Topic;
import io.leukostream.simulator.hostile.HostileImage;
import io.leukostream.simulator.hostile.HostileImage.Demand;
import io.leukostream.simulator.hostile.HostileImages;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watched folder against hostile files with good ones among them, many of them at once. */
@SuppressWarnings("try")
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
class HostileFolderTest {
    private static final int FILES = Integer.getInteger("leukostream.hostile.files", 102);
    private static final long SEED = Long.getLong("leukostream.hostile.seed", 2);
    private static final Duration LIMIT_FOR_ALL = Duration.ofSeconds(30).plus(Duration.ofMillis(100L * FILES));
    private static final int GOOD_EVERY = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Inject
    Intake intake;

    @Inject
    BytesInFlight bytesInFlight;

    @Inject
    Admission admission;

    @Inject
    IngestMetrics metrics;

    @Inject
    FolderMetrics folderMetrics;

    @Test
    void everyFileIsShelvedWithACodeAndNoGoodImageIsLost() throws Exception {
        // Given
        folder = folder.toRealPath();
        HostileImages images = new HostileImages(SEED);
        Map<String, Demand> demands = new LinkedHashMap<>();
        for (int number = 0; number < FILES; number++) {
            HostileImage image = images.image(number);
            Path at = folder.resolve(Integer.toString(number));
            put(at, fileName(image), image.file(), image.pixelSize());
            demands.put(Integer.toString(number), image.demand());
            if (number % GOOD_EVERY == 0) {
                put(folder.resolve("good-" + number), "cell.png", images.good(number), null);
                demands.put("good-" + number, Demand.ACCEPT);
            }
        }

        // When
        long began = System.nanoTime();
        WatchSettings settings = new WatchSettings(
                folder, "1", null, Map.of(), Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofMinutes(1), 4);
        Map<String, String> codes = Map.of();
        try (WatchedFolder watched = new WatchedFolder(settings, intake, admission, metrics, folderMetrics)) {
            while (codes.size() < demands.size() && System.nanoTime() - began < LIMIT_FOR_ALL.toNanos()) {
                Thread.sleep(200);
                codes = codes();
            }
        }

        // Then
        Map<String, Integer> counts = new TreeMap<>();
        codes.values().forEach(code -> counts.merge(code.contains(".") ? "accepted" : code, 1, Integer::sum));
        System.out.printf(
                "Folder, seed %d: %d files %s; all within %d ms%n",
                SEED, codes.size(), counts, (System.nanoTime() - began) / 1_000_000);
        assertEquals(demands.keySet(), codes.keySet());
        List<String> wrong = new ArrayList<>();
        Set<String> published = EventLog.of(Topic.SMEAR_IMAGES.topicName()).stream()
                .map(each -> new String(each.key(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
        codes.forEach((name, code) -> {
            boolean isAccepted = published.contains(code);
            boolean isRight = switch (demands.get(name)) {
                case ACCEPT -> isAccepted;
                case REFUSE -> !isAccepted;
                case DECIDE -> true;
            };
            if (!isRight || code.equals("INTERNAL_ERROR") || (code.contains(".") && !isAccepted)) {
                wrong.add(name + " " + code);
            }
        });
        assertEquals(List.of(), wrong);
        assertEquals(0, bytesInFlight.held());
        assertTrue(codes.containsValue("IMAGE_TRUNCATED"), codes::toString);
    }

    private static void put(Path at, String name, byte[] file, String pixelSize) throws IOException {
        Files.createDirectories(at);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("patient", "Patient-of-hostility");
        fields.put("specimen", "Specimen-of-hostile-files");
        fields.put("specimenType", "BONE_MARROW");
        fields.put("kind", "CELL");
        if (pixelSize != null) {
            fields.put("pixelSizeMicrometres", pixelSize);
        }
        Path image = at.resolve(name);
        Files.write(image, file);
        Files.writeString(FileNames.sidecar(image), JSON.writeValueAsString(fields));
    }

    /** What a file system takes of a name, and not one that is left alone on purpose. */
    private static String fileName(HostileImage image) {
        String name = "n" + image.fileName().replace('/', '\u2215').replace('\u0000', '\u2400');
        return name.length() <= 240 ? name : name.substring(0, 240);
    }

    /** By the folder that a file lay in, the image id it was accepted by or the code it was refused by. */
    private Map<String, String> codes() throws IOException {
        Map<String, String> codes = new TreeMap<>();
        for (String shelf : List.of("accepted", "refused")) {
            Path root = folder.resolve(shelf);
            if (Files.exists(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                            .toList()) {
                        JsonNode json = json(file);
                        String code =
                                json.path("imageId").asText(json.path("code").asText());
                        if (!code.isEmpty()) {
                            codes.put(root.relativize(file).getName(0).toString(), code);
                        }
                    }
                }
            }
        }
        return new LinkedHashMap<>(codes);
    }

    /** Nothing while it is being written. */
    private static JsonNode json(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
