package io.leukostream.ingest.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
    @Test
    void aPathTellsItsFields() {
        // Given
        PathPattern pattern = new PathPattern("{patient}/{specimen}/{kind}/{file}");

        // When
        Optional<Map<String, String>> fields = pattern.read(Path.of("4711", "4711-BM", "cell", "0001.part.png"));

        // Then
        assertEquals(Optional.of(Map.of("patient", "4711", "specimen", "4711-BM", "kind", "CELL")), fields);
    }

    @Test
    void aNameTellsSeveralWithoutItsExtension() {
        // Given
        PathPattern pattern = new PathPattern("inbox/{patient}_{specimen}_{specimenType}");

        // When
        Optional<Map<String, String>> fields = pattern.read(Path.of("inbox", "4711_S.1_bone-marrow.tif"));

        // Then
        assertEquals(Optional.of(Map.of("patient", "4711", "specimen", "S.1", "specimenType", "BONE_MARROW")), fields);
    }

    @Test
    void anotherPathTellsNothing() {
        // Given
        PathPattern pattern = new PathPattern("{patient}/{file}");

        // Then
        assertEquals(Optional.empty(), pattern.read(Path.of("a.png")));
        assertEquals(Optional.empty(), pattern.read(Path.of("4711", "deeper", "a.png")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{file}",
                "{patient}/",
                "/{patient}",
                "../{patient}",
                "{patient}/{patient}",
                "{surname}",
                "{patient}{specimen}",
                "{patient",
                "patient}/{specimen}"
            })
    void aPatternThatIsNoneIsRefusedWithItsText(String text) {
        // When
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> new PathPattern(text));

        // Then
        assertEquals(true, refusal.getMessage().endsWith(": " + text), refusal.getMessage());
    }
}
