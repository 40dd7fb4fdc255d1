package io.leukostream.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an HTTP server that draws cells and decides after a number of labels, as the contract says. */
class SimulatedHaematologistTest {
    private final List<String> toDraw = new ArrayList<>();
    private final Map<String, String> labels = new HashMap<>();
    private final List<String> reviewers = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private int decidedAfter;
    private HttpServer server;
    private URI results;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/specimens/S-AAAAAAAA", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            String answer;
            int status = 200;
            if (path.endsWith("/draws")) {
                assertEquals(
                        "reviewer=simulated-haematologist&count=20",
                        exchange.getRequestURI().getQuery());
                answer = toDraw.stream()
                        .filter(cell -> !labels.containsKey(cell))
                        .limit(20)
                        .map(cell -> "{\"cellId\":\"" + cell + "\"}")
                        .collect(Collectors.joining(",", "{\"items\":[", "]}"));
            } else if (path.endsWith("/frames")) {
                answer = "{\"frameId\":\"F-1\"}";
            } else if (path.endsWith("/reviews")) {
                JsonNode review = new ObjectMapper().readTree(body);
                labels.put(review.get("cellId").asText(), review.get("label").asText());
                reviewers.add(review.get("reviewer").asText());
                status = 202;
                answer = "";
            } else if (asked.incrementAndGet() == 1) {
                status = 404;
                answer = "{\"code\":\"UNKNOWN_SPECIMEN\"}";
            } else {
                String state = labels.size() >= decidedAfter ? "BLASTS_SUSPECTED" : "INDETERMINATE";
                int pending = asked.get() == 2 ? 1 : 0;
                answer = "{\"state\":\"" + state + "\",\"images\":{\"received\":2,\"pending\":" + pending
                        + "},\"cells\":{\"reviewed\":" + labels.size() + "}}";
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        results = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void itLabelsByTheTruthAndStopsWhenTheVerdictIsDecided() throws Exception {
        // Given
        decidedAfter = 4;
        toDraw.addAll(List.of(
                "S-AAAAAAAA.CELL.1-1-10-10",
                "S-AAAAAAAA.FIELD.101-99-40-41",
                "S-AAAAAAAA.FIELD.300-300-50-50",
                "S-AAAAAAAA.FIELD.700-700-20-20"));

        // When
        ReviewOutcome outcome = review(100);

        // Then
        assertTrue(outcome.decided(), outcome.reason());
        assertEquals("BLASTS_SUSPECTED", outcome.state());
        assertEquals(
                Map.of(
                        "S-AAAAAAAA.CELL.1-1-10-10", "BLAST",
                        "S-AAAAAAAA.FIELD.101-99-40-41", "NOT_BLAST",
                        "S-AAAAAAAA.FIELD.300-300-50-50", "BLAST",
                        "S-AAAAAAAA.FIELD.700-700-20-20", "NOT_A_CELL"),
                labels);
        assertEquals(
                List.of("simulated-haematologist"),
                reviewers.stream().distinct().toList());
    }

    @Test
    void itEndsUndecidedWhenNoCellIsLeftOrTheBoundIsReached() throws Exception {
        // Given
        decidedAfter = Integer.MAX_VALUE;
        toDraw.addAll(List.of("S-AAAAAAAA.CELL.1-1-10-10", "S-AAAAAAAA.CELL.2-2-10-10", "S-AAAAAAAA.CELL.3-3-9-9"));

        // When
        ReviewOutcome bounded = review(2);
        ReviewOutcome exhausted = review(100);

        // Then
        assertFalse(bounded.decided());
        assertEquals(2, bounded.labels());
        assertFalse(exhausted.decided());
        assertEquals(1, exhausted.labels());
        assertEquals("INDETERMINATE", exhausted.state());
    }

    private ReviewOutcome review(int mostLabels) throws IOException, InterruptedException {
        ImageTruth cell = new ImageTruth(
                "c.png",
                "p",
                "s",
                SpecimenType.BONE_MARROW,
                ImageKind.CELL,
                0.065,
                List.of(new CellTruth(new Box(0, 0, 9, 9), CellLabel.BLAST)));
        ImageTruth field = new ImageTruth(
                "f.png",
                "p",
                "s",
                SpecimenType.BONE_MARROW,
                ImageKind.FIELD,
                0.13,
                List.of(
                        new CellTruth(new Box(100, 100, 40, 40), CellLabel.NOT_BLAST),
                        new CellTruth(new Box(298, 301, 52, 50), CellLabel.BLAST),
                        new CellTruth(new Box(340, 340, 60, 60), CellLabel.NOT_BLAST)));
        try (SimulatedHaematologist haematologist = new SimulatedHaematologist(
                results, Map.of("S-AAAAAAAA.CELL", cell, "S-AAAAAAAA.FIELD", field), Duration.ofSeconds(5))) {
            return haematologist.review("S-AAAAAAAA", mostLabels, Duration.ofSeconds(20));
        }
    }
}
