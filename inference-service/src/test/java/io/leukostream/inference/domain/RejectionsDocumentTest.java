package io.leukostream.inference.domain;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A laboratory whose image was rejected can look its reason up. */
class RejectionsDocumentTest {
    @ParameterizedTest
    @EnumSource(RejectionReason.class)
    void eachReasonHasItsSection(RejectionReason reason) throws IOException {
        // When
        List<String> lines = Files.readAllLines(Path.of("../docs/rejections.md"));

        // Then
        assertTrue(lines.contains("### " + reason.name()), "docs/rejections.md has no section on " + reason);
    }
}
