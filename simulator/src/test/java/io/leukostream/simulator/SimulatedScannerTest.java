package io.leukostream.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedScannerTest {
    private static final String ACCEPTED = """
            {"imageId":"S-AAAAAAAA.X","patientId":"P-AAAAAAAA","specimenId":"S-AAAAAAAA","duplicate":false}""";

    private record Answer(int status, Map<String, String> headers, String body) {}

    /** The body as ISO 8859-1, a character per byte. */
    private record Received(long atNanos, String contentType, long contentLength, String body) {}

    @TempDir
    Path folder;

    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private List<Answer> answers = List.of(new Answer(202, Map.of(), ACCEPTED));
    private HttpServer server;
    private URI ingest;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/images", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int n;
            synchronized (received) {
                n = received.size();
                received.add(new Received(
                        System.nanoTime(),
                        exchange.getRequestHeaders().getFirst("Content-Type"),
                        Long.parseLong(exchange.getRequestHeaders().getFirst("Content-Length")),
                        new String(body, StandardCharsets.ISO_8859_1)));
            }
            Answer answer = answers.get(Math.min(n, answers.size() - 1));
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        ingest = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theFormIsWellFormedAndHoldsTheFilesBytes() throws Exception {
        // Given
        byte[] image = new byte[70_000];
        new java.util.Random(5).nextBytes(image);
        byte[] tricky = "\r\n--leukostream-\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(tricky, 0, image, 100, tricky.length);
        Path file = Files.write(folder.resolve("Müller \"Anna\".png"), image);
        Submission submission = new Submission(
                file, "Müller 7", "s/1", SpecimenType.BONE_MARROW, ImageKind.CELL, OptionalDouble.of(0.065), true);

        // When
        List<ScanAnswer> reported = push(submission, Duration.ofSeconds(5));

        // Then
        ScanAnswer.Accepted accepted = assertInstanceOf(ScanAnswer.Accepted.class, reported.getFirst());
        assertEquals("S-AAAAAAAA.X", accepted.imageId());
        assertEquals(1, accepted.attempts());
        Received request = received.getFirst();
        assertEquals(request.contentLength(), request.body().length());
        Map<String, byte[]> parts = parts(request);
        assertEquals(
                List.of("patient", "specimen", "specimenType", "kind", "pixelSizeMicrometres", "priority", "image"),
                List.copyOf(parts.keySet()));
        assertEquals("Müller 7", text(parts, "patient"));
        assertEquals("s/1", text(parts, "specimen"));
        assertEquals("BONE_MARROW", text(parts, "specimenType"));
        assertEquals("CELL", text(parts, "kind"));
        assertEquals("0.065", text(parts, "pixelSizeMicrometres"));
        assertEquals("STAT", text(parts, "priority"));
        assertArrayEquals(image, parts.get("image"));
        assertTrue(!request.body().contains("Anna"), "no file name leaves the site");
    }

    @Test
    void busyIsWaitedForAsLongAsRetryAfterSays() throws Exception {
        // Given
        answers = List.of(
                new Answer(503, Map.of("Retry-After", "1"), "{}"),
                new Answer(429, Map.of("Retry-After", "2"), "{}"),
                new Answer(200, Map.of(), ACCEPTED.replace("false", "true")));

        // When
        List<ScanAnswer> reported = push(submission(), Duration.ofSeconds(30));

        // Then
        ScanAnswer.Accepted accepted = assertInstanceOf(ScanAnswer.Accepted.class, reported.getFirst());
        assertTrue(accepted.duplicate());
        assertEquals(3, accepted.attempts());
        assertTrue(received.get(1).atNanos() - received.get(0).atNanos() >= 1_000_000_000L);
        assertTrue(received.get(2).atNanos() - received.get(1).atNanos() >= 2_000_000_000L);
        assertArrayEquals(
                parts(received.get(0)).get("image"), parts(received.get(2)).get("image"));
    }

    @Test
    void whenPatienceEndsTheLastAnswerStands() throws Exception {
        // Given
        answers = List.of(new Answer(503, Map.of("Retry-After", "60"), "{\"code\":\"BROKER_UNAVAILABLE\"}"));

        // When
        List<ScanAnswer> reported = push(submission(), Duration.ofSeconds(2));

        // Then
        ScanAnswer.Refused refused = assertInstanceOf(ScanAnswer.Refused.class, reported.getFirst());
        assertEquals(503, refused.status());
        assertEquals("BROKER_UNAVAILABLE", refused.code());
        assertEquals(1, received.size());
    }

    @Test
    void aRefusalIsNotRepeatedAndAFileThatIsGoneIsNamed() throws Exception {
        // Given
        answers = List.of(new Answer(415, Map.of(), "{\"code\":\"UNSUPPORTED_MEDIA_TYPE\",\"detail\":\"text\"}"));
        Submission gone = new Submission(
                folder.resolve("gone.png"),
                "p",
                "s",
                SpecimenType.BONE_MARROW,
                ImageKind.CELL,
                OptionalDouble.empty(),
                false);

        // When
        List<ScanAnswer> given;
        try (SimulatedScanner scanner = new SimulatedScanner(ingest, 3, Duration.ofSeconds(5))) {
            given = scanner.push(List.of(submission(), gone, submission()), answer -> {});
        }

        // Then
        assertEquals(
                "UNSUPPORTED_MEDIA_TYPE",
                assertInstanceOf(ScanAnswer.Refused.class, given.get(0)).code());
        assertTrue(
                assertInstanceOf(ScanAnswer.Failed.class, given.get(1)).cause().contains("gone.png"));
        assertEquals(
                415, assertInstanceOf(ScanAnswer.Refused.class, given.get(2)).status());
        assertEquals(2, received.size());
    }

    @Test
    void nobodyThereIsAFailureOnceThePatienceIsOver() throws Exception {
        // Given
        try (ServerSocket free = new ServerSocket(0)) {
            ingest = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }

        // When
        List<ScanAnswer> reported = push(submission(), Duration.ofMillis(500));

        // Then
        assertInstanceOf(ScanAnswer.Failed.class, reported.getFirst());
    }

    private Submission submission() throws IOException {
        Path file = Files.write(folder.resolve("cell.png"), new byte[] {1, 2, 3});
        return new Submission(file, "p", "s", SpecimenType.BONE_MARROW, ImageKind.CELL, OptionalDouble.empty(), false);
    }

    private List<ScanAnswer> push(Submission submission, Duration patience) throws InterruptedException {
        List<ScanAnswer> reported = Collections.synchronizedList(new ArrayList<>());
        try (SimulatedScanner scanner = new SimulatedScanner(ingest, 2, patience)) {
            scanner.push(List.of(submission), reported::add);
        }
        return reported;
    }

    private static String text(Map<String, byte[]> parts, String name) {
        return new String(parts.get(name), StandardCharsets.UTF_8);
    }

    /** The parts of a form, read strictly by RFC 2046: every byte belongs to a delimiter, a header or a value. */
    private static Map<String, byte[]> parts(Received request) {
        String prefix = "multipart/form-data; boundary=";
        assertTrue(request.contentType().startsWith(prefix), request.contentType());
        String delimiter = "--" + request.contentType().substring(prefix.length());
        String body = request.body();
        Map<String, byte[]> parts = new LinkedHashMap<>();
        assertTrue(body.startsWith(delimiter + "\r\n"));
        int at = delimiter.length() + 2;
        while (true) {
            int headersEnd = body.indexOf("\r\n\r\n", at);
            int end = body.indexOf("\r\n" + delimiter, headersEnd + 2);
            assertTrue(headersEnd >= 0 && end >= headersEnd, "a part has headers, a value and an end");
            String headers = body.substring(at, headersEnd);
            String name = headers.replaceAll("(?s).*[; ]name=\"([^\"]*)\".*", "$1");
            parts.put(name, body.substring(headersEnd + 4, end).getBytes(StandardCharsets.ISO_8859_1));
            at = end + 2 + delimiter.length();
            if (body.startsWith("--\r\n", at)) {
                assertEquals(body.length(), at + 4);
                return parts;
            }
            assertTrue(body.startsWith("\r\n", at));
            at += 2;
        }
    }
}
