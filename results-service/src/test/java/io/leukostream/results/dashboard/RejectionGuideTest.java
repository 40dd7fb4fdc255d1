package io.leukostream.results.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pages say what the document says. */
class RejectionGuideTest {
    private static final Path DOCUMENT = Path.of("../docs/rejections.md");

    @Test
    void everyHeadingOfTheDocumentIsACodeWithAMeaningAndAnAction() throws IOException {
        // Given
        List<String> codes = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();

        // When
        RejectionGuide guide = RejectionGuide.packaged();

        // Then
        assertEquals(
                codes,
                guide.parts().stream()
                        .flatMap(part -> part.entries().stream())
                        .map(RejectionGuide.Entry::code)
                        .toList());
        for (String code : codes) {
            RejectionGuide.Entry entry = guide.of(code);
            assertNotNull(entry, code);
            assertTrue(entry.meaning().endsWith("."), entry.meaning());
            assertFalse(entry.meaning().matches("^\\d{3}.*"), entry.meaning());
            assertTrue(entry.advice().endsWith(".") && !entry.advice().contains("`"), entry.advice());
        }
        assertEquals(
                List.of("At the door", "By inference"),
                guide.parts().stream().skip(1).map(RejectionGuide.Part::heading).toList());
    }

    @Test
    void aRejectionOfAnAcceptedImageIsToldWithoutLookingElsewhere() {
        // When
        RejectionGuide guide = RejectionGuide.packaged();

        // Then
        guide.parts()
                .getLast()
                .entries()
                .forEach(entry -> assertFalse(
                        entry.advice().startsWith("As above"), () -> "out of its place it says nothing: " + entry));
        assertNull(guide.of("NO_SUCH_CODE"));
    }
}
