package io.leukostream.standalone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.standalone.Leukostream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"up", "down", "status", "scan", "verdict", "alerts", "reconcile", "requeue", "audit", "simulate"
            })
    void everyCommandHasHelp(String command) {
        // Given
        StringWriter out = new StringWriter();
        CommandLine program = new CommandLine(new Leukostream()).setOut(new PrintWriter(out));

        // When
        int status = program.execute(command, "--help");

        // Then
        assertEquals(0, status);
        assertTrue(out.toString().contains("Usage: leukostream " + command), out.toString());
    }
}
