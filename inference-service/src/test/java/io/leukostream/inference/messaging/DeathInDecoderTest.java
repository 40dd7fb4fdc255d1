package io.leukostream.inference.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.SmearImage;
import io.leukostream.schemas.Topic;
import io.leukostream.simulator.hostile.HostileImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image of which the process dies, however often it is started again, ends as one rejection: by a fault of native code, by
 * want of heap, or by native code that does not come back.
 */
class DeathInDecoderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final List<Byte> MARKS = List.of(DyingProcess.FATAL, DyingProcess.GREEDY, DyingProcess.HANGING);
    private static final int GOOD = 40;
    /** Each once in its batch, twice alone. */
    private static final int DEATHS = 3 * MARKS.size();

    @Test
    void theImagesAreRejectedAfterTheRestartsAndTheOthersAreClassifiedOnce(@TempDir Path temporary) throws Exception {
        // Given
        Path data = Files.createDirectories(temporary.resolve("inference"));
        Path log = temporary.resolve("process.log");
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(temporary.resolve("platform"));
                Wire wire = new Wire(platform)) {
            HostileImages files = new HostileImages(4);
            List<SmearImage> good = new ArrayList<>();
            for (int k = 0; k < GOOD; k++) {
                good.add(Wire.image("S-MORTAL00", "CELL", files.good(k)).build());
            }
            List<SmearImage> deadly = new ArrayList<>();
            for (byte mark : MARKS) {
                byte[] file = files.good(GOOD + mark);
                byte[] marked = Arrays.copyOf(file, file.length + 1);
                marked[file.length] = mark;
                deadly.add(Wire.image("S-MORTAL00", "CELL", marked).build());
            }
            wire.sendMany(Topic.SMEAR_IMAGES, good.subList(0, GOOD / 2));
            wire.sendMany(Topic.SMEAR_IMAGES, deadly);
            wire.sendMany(Topic.SMEAR_IMAGES, good.subList(GOOD / 2, GOOD));
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    DyingProcess.class.getName(),
                    platform.bootstrapServers(),
                    platform.registryUrl(),
                    data.toString());

            // When
            int deaths = 0;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            boolean isDone = false;
            while (!isDone && System.nanoTime() < deadline) {
                Process process = start(command, log);
                try {
                    while (process.isAlive() && !isDone && System.nanoTime() < deadline) {
                        Thread.sleep(200);
                        isDone = wire.outcomes().size() >= GOOD + MARKS.size();
                    }
                    deaths += process.isAlive() ? 0 : 1;
                } finally {
                    process.destroyForcibly().waitFor();
                }
            }

            // Then
            assertTrue(isDone, Files.readString(log));
            List<ImageRejected> rejected = wire.all(Topic.IMAGE_REJECTIONS, ImageRejected.class).stream()
                    .map(each -> each.value())
                    .toList();
            assertEquals(
                    deadly.stream()
                            .map(image -> image.getImageId() + " DECODER_CRASHED")
                            .sorted()
                            .toList(),
                    rejected.stream()
                            .map(each -> each.getImageId() + " " + each.getReason())
                            .sorted()
                            .toList());
            assertEquals(DEATHS, deaths, Files.readString(log));
            Map<String, Long> outcomes =
                    wire.outcomes().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            good.forEach(image -> assertEquals(1, outcomes.get(image.getImageId())));
        }
    }

    private static Process start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Not on the command line: ONNX Runtime 1.29 ends with a segmentation fault where that is very long.
        builder.environment()
                .put(
                        "CLASSPATH",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        return builder.start();
    }
}
