package io.leukostream.inference.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.leukostream.inference.Fixtures;
import io.leukostream.inference.bundle.ModelBundle;
import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.PreparedCell;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeTest {
    @TempDir
    Path folder;

    private final ModelBundle bundle = Fixtures.bundle();

    @Test
    void autoTakesTheBestThatWorksAndSaysWhyNotABetterOne() {
        // Given
        assumeFalse(hasCuda(), "skipped: this build has CUDA");

        // When
        OnnxRuntime runtime = OnnxRuntime.open(Optional.empty(), bundle.description(), bundle.network(), folder);

        // Then
        assertEquals(Provider.CPU, runtime.provider());
        assertEquals(2, runtime.whyNotBetter().size());
        assertTrue(
                runtime.whyNotBetter().get(1).startsWith("CUDA: "),
                runtime.whyNotBetter().toString());
    }

    @Test
    void aProviderThatWasAskedForAndDoesNotWorkIsRefused() {
        // Given
        assumeFalse(hasCuda(), "skipped: this build has CUDA");

        // When
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> OnnxRuntime.open(Optional.of(Provider.CUDA), bundle.description(), bundle.network(), folder));

        // Then
        assertTrue(String.valueOf(refused.getMessage()).contains("CUDA"), refused.getMessage());
    }

    @Test
    void aCellsAnswerDoesNotDependOnWhoIsAskedAboutWithIt() {
        // Given
        Random random = new Random(5);
        List<PreparedCell> cells = IntStream.range(0, 5)
                .mapToObj(_ -> {
                    byte[] planes = new byte[3 * 128 * 128];
                    random.nextBytes(planes);
                    return new PreparedCell(new CellBox(0, 0, 1, 1), 1, null, planes, new byte[0]);
                })
                .toList();

        // When
        float[] together;
        int columns = bundle.description().columns();
        float[] alone = new float[5 * columns];
        try (CellClassifier classifier = Fixtures.runtime(bundle).classifier(5)) {
            together = classifier.answers(cells);
            for (int k = 0; k < 5; k++) {
                System.arraycopy(classifier.answers(cells.subList(k, k + 1)), 0, alone, columns * k, columns);
            }
        }

        // Then
        assertArrayEquals(alone, together, 1e-4f);
    }

    private static boolean hasCuda() {
        return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
    }
}
