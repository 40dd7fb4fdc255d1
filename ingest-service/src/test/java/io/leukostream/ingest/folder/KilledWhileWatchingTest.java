package io.leukostream.ingest.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.ingest.EventLog;
import io.leukostream.ingest.Pictures;
import io.leukostream.schemas.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that watches a folder is killed again and again; broker, registry and vault are real. */
class KilledWhileWatchingTest {
    private static final int FILES = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyFileIsAcceptedOnceInTheEnd(@TempDir Path temporary) throws Exception {
        // Given
        Path folder = temporary.resolve("scans");
        for (int k = 0; k < FILES; k++) {
            Path file = folder.resolve("patient-" + k % 5)
                    .resolve("specimen-" + k % 10)
                    .resolve(k + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, Pictures.noise("png", k));
        }
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(temporary.resolve("platform"))) {
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    WatchingProcess.class.getName(),
                    folder.toString(),
                    platform.bootstrapServers(),
                    platform.registryUrl(),
                    "jdbc:h2:file:" + temporary.resolve("vault") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");

            // When
            for (int until : new int[] {20, 90, FILES}) {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                temporary.resolve("until-" + until + ".log").toFile())
                        .start();
                try {
                    await(
                            process,
                            temporary.resolve("until-" + until + ".log"),
                            () -> accepted(folder).size() >= until);
                } finally {
                    process.destroyForcibly().waitFor();
                }
            }

            // Then
            Set<String> images = new HashSet<>();
            Set<String> specimens = new HashSet<>();
            for (Path note : accepted(folder)) {
                JsonNode receipt = JSON.readTree(Files.readString(note));
                images.add(receipt.path("imageId").asText());
                specimens.add(receipt.path("specimenId").asText());
            }
            assertEquals(FILES, images.size());
            assertEquals(10, specimens.size());
            assertEquals(
                    images,
                    EventLog.of(platform.bootstrapServers(), Topic.SMEAR_IMAGES.topicName()).stream()
                            .map(each -> new String(each.key(), StandardCharsets.UTF_8))
                            .collect(Collectors.toSet()));
            try (Stream<Path> left = Files.walk(folder)) {
                assertTrue(
                        left.filter(Files::isRegularFile)
                                .map(folder::relativize)
                                .allMatch(each -> each.startsWith("accepted") || each.endsWith(".alive")),
                        "all files are in accepted");
            }
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Process process, Path log, Condition condition) throws Exception {
        for (int k = 0; k < 2400 && process.isAlive(); k++) {
            if (condition.holds()) {
                return;
            }
            Thread.sleep(25);
        }
        throw new AssertionError("not within a minute: " + Files.readString(log));
    }

    /** Notes of files that are accepted and moved. */
    private static List<Path> accepted(Path folder) throws IOException {
        Path accepted = folder.resolve("accepted");
        if (!Files.exists(accepted)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(accepted)) {
            return files.filter(each -> each.toString().endsWith(".accepted.json") && isMoved(each))
                    .toList();
        }
    }

    /** The place is held by an empty file until the image is there. */
    private static boolean isMoved(Path note) {
        try {
            String name = note.getFileName().toString();
            return Files.size(note.resolveSibling(name.substring(0, name.length() - ".accepted.json".length()))) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
