package io.leukostream.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link FaultRun} in short, so that every change passes it; {@link FaultStudy} is the long one. */
@Timeout(600)
class FaultTest {
    private static final int IMAGES = 120;
    private static final int SPECIMENS = 4;
    private static final FaultRun.Faults FAULTS =
            new FaultRun.Faults(5, 1, 2, 2, 1, Duration.ofSeconds(15), Duration.ofSeconds(3), 20_261_126L);

    @TempDir
    Path folder;

    @Test
    void nothingIsLostNorDoubledWhateverGoesWrong() throws Exception {
        // Given
        List<Path> images = SmearImages.ofAnySubjects(folder.resolve("synthetic"), IMAGES);
        ServiceClocks clocks = ServiceClocks.in(folder.resolve("clocks"));
        try (RunningSystem system = RunningSystem.start(folder.resolve("data"), clocks.environment())) {
            // When
            FaultRun.Outcome outcome = new FaultRun(system, clocks, images, SPECIMENS, FAULTS).run();

            // Then
            System.out.println("seed " + FAULTS.seed() + ": " + outcome);
            assertEquals(List.of(), outcome.complaints(), "seed " + FAULTS.seed());
        }
    }
}
