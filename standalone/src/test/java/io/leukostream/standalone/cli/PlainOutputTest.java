package io.leukostream.standalone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PlainOutputTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream terminal = new PlainOutput(new PrintStream(shown, true, StandardCharsets.UTF_8));

    @Test
    void whatSteersATerminalIsShownByItsNumber() {
        // When
        terminal.println("Dr \u001b[2JAda\r\u009b31m");
        terminal.printf(Locale.ROOT, "%s|%5d%n", "Müller\u202e", 7);
        terminal.println((Object) "a\u0007");
        terminal.print("tab\tstays\n");

        // Then
        assertEquals(
                "Dr \\u001b[2JAda\\u000d\\u009b31m\nMüller\\u202e|    7\na\\u0007\ntab\tstays\n",
                shown.toString(StandardCharsets.UTF_8));
    }
}
