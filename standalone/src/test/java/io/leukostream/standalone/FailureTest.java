package io.leukostream.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureTest {
    /** Fails as a command does that a server answers with its own words. */
    @Command(name = "refused")
    static final class Refused implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("The server says: \u001b[2Jall is well\r\u202e");
        }
    }

    @Test
    void aServersWordsSteerNoTerminal() {
        // Given
        StringWriter err = new StringWriter();
        CommandLine program = Leukostream.program(new Refused()).setErr(new PrintWriter(err));

        // When
        int status = program.execute();

        // Then
        assertEquals(1, status);
        assertEquals(
                "The server says: \\u001b[2Jall is well\\u000d\\u202e",
                err.toString().strip());
    }
}
