package io.leukostream.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link FaultRun} in short, so that every change passes it; {@link FaultStudy} is the long one. */
@Timeout(600)
class FaultTest {
    private static final int IMAGES = 120;
    private static final int SPECIMENS = 4;
    private static final int KILLS = 5;
    private static final long SEED = 20_261_126L;

    @TempDir
    Path folder;

    @Test
    void nothingIsLostNorDoubledWhateverIsKilled() throws Exception {
        // Given
        List<Path> images = SmearImages.ofAnySubjects(folder.resolve("synthetic"), IMAGES);
        try (RunningSystem system = RunningSystem.start(folder.resolve("data"))) {
            // When
            FaultRun.Outcome outcome = new FaultRun(system, images, SPECIMENS, KILLS, SEED).run();

            // Then
            System.out.println("seed " + SEED + ": " + outcome);
            assertEquals(List.of(), outcome.complaints(), "seed " + SEED);
        }
    }
}
