package io.leukostream.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.integration.RunningSystem.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The study as a user runs it: a command that needs no running system. */
class StudyCommandTest {
    @Test
    void theStudyIsPrintedOrWrittenWithItsSeed(@TempDir Path folder) throws Exception {
        // Given
        Path file = folder.resolve("study.md");

        // When
        Answer printed = RunningSystem.run("simulate", "--study", "--patients", "5", "--seed", "7");
        Answer written =
                RunningSystem.run("simulate", "--study", "--patients", "5", "--seed", "7", "--out", file.toString());

        // Then
        assertEquals(0, printed.status(), printed.err());
        assertTrue(printed.out().startsWith("# Operating characteristics of the verdict\n"), printed.out());
        assertTrue(printed.err().contains("Seed 7"), printed.err());
        assertEquals(0, written.status(), written.err());
        assertEquals(printed.out(), Files.readString(file));
    }

    @Test
    void whatTheStudyCannotDoIsRefused(@TempDir Path folder) throws Exception {
        // When
        Answer pushed = RunningSystem.run("simulate", "--study", "--push");
        Answer noBundle = RunningSystem.run("simulate", "--study", "--bundle", folder.toString());
        Answer noPatients = RunningSystem.run("simulate", "--push");

        // Then
        assertEquals(2, pushed.status());
        assertEquals(1, noBundle.status());
        assertTrue(noBundle.err().contains("There is no bundle in " + folder), noBundle.err());
        assertFalse(noBundle.err().contains("\tat "), noBundle.err());
        assertEquals(2, noPatients.status());
        assertTrue(noPatients.err().contains("--patients N"), noPatients.err());
    }
}
