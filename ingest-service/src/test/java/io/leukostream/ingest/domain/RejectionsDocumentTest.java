package io.leukostream.ingest.domain;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A laboratory that is given a code can look it up. */
class RejectionsDocumentTest {
    @ParameterizedTest
    @EnumSource(ProblemCode.class)
    void eachCodeHasItsSectionWithItsStatusAndWhatToDo(ProblemCode code) throws IOException {
        // Given
        List<String> lines = Files.readAllLines(Path.of("../docs/rejections.md"));

        // When
        int heading = lines.indexOf("### " + code.name());

        // Then
        assertTrue(heading >= 0, "docs/rejections.md has no section on " + code);
        List<String> rest = lines.subList(heading + 1, lines.size());
        int end = rest.indexOf("");
        String section = String.join(" ", end < 0 ? rest : rest.subList(0, end));
        assertTrue(section.startsWith(Integer.toString(code.status())), section);
        assertTrue(section.contains("→"), "it says what the laboratory does: " + section);
        if (code.retryAfter() != null) {
            assertTrue(section.contains("again after " + code.retryAfter().toSeconds() + " s"), section);
        }
    }
}
