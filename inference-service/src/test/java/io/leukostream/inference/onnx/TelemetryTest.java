package io.leukostream.inference.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.leukostream.inference.Fixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime in a process of its own, in whose home nobody else writes. */
class TelemetryTest {
    private static final Path LOGS = Path.of("/tmp");

    @TempDir
    Path home;

    /** Opens the runtime as the service does, and leaves it time to write. */
    public static final class Opened {
        private Opened() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println(Fixtures.runtime(Fixtures.bundle()).version());
            TimeUnit.SECONDS.sleep(2);
        }
    }

    @Test
    void theLibraryKeepsNoAccountForItsMaker() throws Exception {
        // Given
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Opened.class.getName());
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("XDG_CACHE_HOME");
        builder.environment().remove("ORT_DISABLE_TELEMETRY");

        // When
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(home.resolve("said.txt").toFile())
                .start();
        int status = process.waitFor();

        // Then
        assertEquals(0, status, () -> "the runtime did not open");
        assertFalse(Files.exists(LOGS.resolve("mat-debug-" + process.pid() + ".log")), "a log of the telemetry");
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(
                    List.of("said.txt"),
                    left.map(file -> file.getFileName().toString()).toList());
        }
    }
}
