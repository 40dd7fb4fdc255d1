package io.leukostream.results.notification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/alerts.md} tells a subscriber to do really takes our signature, and no other. */
class DocumentedVerificationTest {
    private static final String BODY = "{\"id\":\"P-7K2M9QXA.1.RAISED\",\"note\":\"µ\"}";

    private static String snippet(String language) throws Exception {
        Matcher found = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "alerts.md")));
        assertTrue(found.find(), "docs/alerts.md has an example in " + language);
        return found.group(1);
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Of our signature, of an altered body, of one from ten minutes ago. */
    private static String answers(List<String> command) throws Exception {
        WebhookSignature signature = new WebhookSignature(WebhookReceiver.SECRET);
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        Process process = new ProcessBuilder(Stream.concat(
                                command.stream(),
                                Stream.of(
                                        signature.of(Instant.now(), body),
                                        signature.of(Instant.now().minusSeconds(600), body),
                                        WebhookReceiver.SECRET))
                        .toList())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().write(body);
        process.getOutputStream().close();
        String answers = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return answers.strip();
    }

    @Test
    void inPython() throws Exception {
        // Given
        assumeTrue(installed("python3"), "skipped: there is no python3 here");
        String program = snippet("python") + """

                import sys
                now, old, secret = sys.argv[1:]
                body = sys.stdin.buffer.read()
                print(is_ours(now, body, secret), is_ours(now, body + b" ", secret), is_ours(old, body, secret))
                """;

        // When
        String answers = answers(List.of("python3", "-c", program));

        // Then
        assertEquals("True False False", answers);
    }

    @Test
    void inNode() throws Exception {
        // Given
        assumeTrue(installed("node"), "skipped: there is no node here");
        String program = snippet("js") + """

                const [now, old, secret] = process.argv.slice(1);
                const body = require("node:fs").readFileSync(0);
                const altered = Buffer.concat([body, Buffer.from(" ")]);
                console.log(isOurs(now, body, secret), isOurs(now, altered, secret), isOurs(old, body, secret));
                """;

        // When
        String answers = answers(List.of("node", "-e", program));

        // Then
        assertEquals("true false false", answers);
    }
}
