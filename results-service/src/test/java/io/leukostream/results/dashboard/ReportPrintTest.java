package io.leukostream.results.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.SimpleFileServer;
import io.leukostream.results.rest.AlertJson;
import io.leukostream.results.rest.VerdictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints the report with a real Chromium; skips where there is none. The PDF is kept in {@code target/pages}. */
class ReportPrintTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aPatientWithOneSpecimenIsOnePageEvenWhereThereIsMuchToSay() throws Exception {
        // Given
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "there is no Chromium here, so nothing is printed");
        Files.writeString(folder.resolve("report.html"), new PageRenderer().render(report()));
        Path style = Path.of("src/main/resources/META-INF/resources/dashboard/report.css");
        Files.copy(style, Files.createDirectories(folder.resolve("dashboard")).resolve("report.css"));
        Path pdf = Files.createDirectories(Path.of("target", "pages"))
                .resolve("report.pdf")
                .toAbsolutePath();
        Files.deleteIfExists(pdf);
        var server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                folder.toAbsolutePath(),
                SimpleFileServer.OutputLevel.NONE);
        server.start();

        // When
        try {
            print(
                    chromium.orElseThrow(),
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/report.html",
                    pdf);
        } finally {
            server.stop(0);
        }

        // Then
        String printed = Files.readString(pdf, StandardCharsets.ISO_8859_1);
        assertTrue(printed.startsWith("%PDF"));
        assertEquals(
                1,
                Pattern.compile("/Type\\s*/Page\\b").matcher(printed).results().count());
    }

    private void print(Path chromium, String address, Path pdf) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--no-pdf-header-footer",
                        "--print-to-pdf=" + pdf,
                        address)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile())
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        assertTrue(Files.exists(pdf), () -> "nothing was printed: " + log());
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("chromium.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static ReportPage report() {
        VerdictJson.Specimen specimen = Samples.specimen(
                "S-4F7Q2LTB",
                "BLASTS_SUSPECTED",
                Samples.suspected().blastFraction(),
                List.of(
                        "The interval of the blast fraction, 61–98 %, lies above the threshold of 25 %.",
                        "Sensitivity and specificity are those measured on 16 subjects the model had not seen.",
                        "The review has labelled 24 of the cells drawn at random, and does not decide yet.",
                        "9 cells are not counted, since a gate refused them: out of focus 5, touches the border 4.",
                        "5 images wait for their outcome; the verdict may change with them."));
        List<AlertJson> alerts = List.of(
                Samples.alert("ACKNOWLEDGED", Duration.ZERO),
                Samples.alert("SUPERSEDED", Duration.ZERO),
                Samples.alert("ESCALATED", Duration.ofMinutes(-5)));
        return new ReportPage(
                Samples.PAGES.patient(
                        Samples.verdict(Samples.SUSPECTED, specimen),
                        Map.of(
                                specimen.specimenId(),
                                List.of(
                                        new Reviewer("Dr Amara Okafor", 24),
                                        new Reviewer("Dr Bela Kun", 20),
                                        new Reviewer("simulated-haematologist", 24))),
                        alerts,
                        Map.of()),
                Moment.of(Samples.NOW, ZoneOffset.UTC));
    }
}
