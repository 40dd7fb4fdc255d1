package io.leukostream.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.sun.net.httpserver.HttpServer;
import io.leukostream.schemas.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A page of another site in a real Chromium, on the machine where the system runs: whatever it makes the browser send to any
 * operation of the services and pages, no topic gets a record, and a page whose name was rebound to this machine reads
 * nothing. Skips where there is no Chromium.
 */
class ForeignPageTest {
    private static final String FOREIGN = "evil.example";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static RunningSystem system;
    private static HttpServer foreignSite;
    private static Playwright playwright;
    private static Browser browser;
    private static String patientId = "";
    private static String specimenId = "";
    private static String cellId = "";
    private static Path image;

    @BeforeAll
    static void start() throws Exception {
        Path chromium = Chromium.installed().orElse(null);
        assumeTrue(
                chromium != null, "No Chromium here: no page of another site is tried. Install the package chromium.");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--host-resolver-rules=MAP " + FOREIGN + " 127.0.0.1")));
        foreignSite = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        foreignSite.createContext("/", exchange -> {
            byte[] page = "<!doctype html><title>a page</title>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        foreignSite.start();
        List<Path> images = SmearImages.ofOneSubject(folder.resolve("synthetic"), 12);
        image = images.getLast();
        system = RunningSystem.start(folder.resolve("data"));
        specimenId = system.push(images.getFirst(), "A");
        RunningSystem.await("its outcome", Duration.ofSeconds(30), () -> counts(1));
        patientId =
                system.get("/api/v1/specimens/" + specimenId).path("patientId").asText();
        cellId = system.get("/api/v1/specimens/" + specimenId + "/cells")
                .path("items")
                .get(0)
                .path("cellId")
                .asText();
    }

    @AfterAll
    static void stop() throws Exception {
        if (playwright != null) {
            playwright.close();
        }
        if (foreignSite != null) {
            foreignSite.stop(0);
        }
        if (system != null) {
            system.close();
        }
    }

    private static boolean counts(int outcomes) {
        try {
            return system.counts(specimenId, outcomes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingThatAPageOfAnotherOriginSendsIsWritten() throws Exception {
        for (String origin : List.of(
                "http://" + FOREIGN + ":" + foreignSite.getAddress().getPort(),
                "http://127.0.0.1:" + foreignSite.getAddress().getPort())) {
            // Given
            Map<String, Object> attack = attack(system.url(), system.ingestUrl());
            Map<TopicPartition, Long> before = ends();

            // When
            Map<String, List<String>> told = run(origin + "/", attack);

            // Then
            assertEquals(before, ends(), () -> "written by " + told.get("sent"));
            assertEquals(List.of(), told.get("read"), origin);
            assertTrue(told.get("sent").size() > 100, told.get("sent").toString());
        }
    }

    @Test
    void aNameThatWasReboundToThisMachineReadsAndWritesNothing() throws Exception {
        for (String own : List.of(system.url(), system.ingestUrl())) {
            // Given
            String rebound = own.replace("127.0.0.1", FOREIGN);
            Map<String, Object> attack = attack(
                    system.url().replace("127.0.0.1", FOREIGN),
                    system.ingestUrl().replace("127.0.0.1", FOREIGN));
            Map<TopicPartition, Long> before = ends();

            // When
            Map<String, List<String>> told = run(rebound + "/", attack);

            // Then
            assertEquals(before, ends(), () -> "written by " + told.get("sent"));
            List<String> read = told.get("read").stream()
                    .filter(url -> !url.contains("/q/health") && !url.contains("/q/metrics"))
                    .toList();
            assertEquals(List.of(), read, "read under another name");
        }
    }

    @Test
    void theSameRequestFromTheOwnPageIsWritten() throws Exception {
        // Given
        Map<String, Object> attack = attack(system.url(), system.ingestUrl());
        attack.put("posts", List.of(system.url() + "/api/v1/specimens/" + specimenId + "/frames"));
        attack.put("deletes", List.of());
        Map<TopicPartition, Long> before = ends();

        // When
        Map<String, List<String>> told = run(system.url() + "/", attack);

        // Then: what the other tests send would be heard
        assertNotEquals(before, ends(), told.get("sent").toString());
        assertFalse(told.get("read").isEmpty());
    }

    @SuppressWarnings("unchecked") // The script answers with two lists of texts.
    private static Map<String, List<String>> run(String address, Map<String, Object> attack) throws IOException {
        String script = Files.readString(Path.of("src", "test", "resources", "foreign-page.js"));
        script = script.substring(script.indexOf("async"));
        try (var context = browser.newContext()) {
            Page page = context.newPage();
            page.navigate(address);
            return (Map<String, List<String>>) page.evaluate(script, attack);
        }
    }

    /** Every operation of both services and of the pages, with what they would take. */
    private static Map<String, Object> attack(String results, String ingest) throws Exception {
        List<String> posts = new ArrayList<>();
        List<String> deletes = new ArrayList<>();
        List<String> gets = new ArrayList<>();
        for (String service : List.of(results, ingest)) {
            String own = service.replace(FOREIGN, "127.0.0.1");
            JsonNode paths =
                    JSON.readTree(system.body(own + "/q/openapi?format=json")).path("paths");
            paths.properties().forEach(path -> {
                String url = service + filled(path.getKey());
                path.getValue().fieldNames().forEachRemaining(method -> {
                    switch (method) {
                        case "post" -> posts.add(url);
                        case "delete" -> deletes.add(url + "?reviewer=mallory");
                        case "get" -> {
                            // A stream of events never ends.
                            if (!url.endsWith("/stream")) {
                                gets.add(url + "?reviewer=mallory&count=1&subject=" + patientId);
                            }
                        }
                        default -> throw new AssertionError("no such method is tried: " + method);
                    }
                });
            });
        }
        for (String page : List.of(
                "/specimens/{specimenId}/review/begin",
                "/specimens/{specimenId}/review/labels",
                "/specimens/{specimenId}/review/withdrawals",
                "/cells/{cellId}/label",
                "/alerts/{alertId}/acknowledge",
                "/alerts/{alertId}/close")) {
            posts.add(results + filled(page));
        }
        for (String page : List.of(
                "/",
                "/patients/{patientId}",
                "/patients/{patientId}/audit",
                "/patients/{patientId}/report",
                "/specimens/{specimenId}",
                "/specimens/{specimenId}/review?reviewer=mallory",
                "/cells/{cellId}/label",
                "/alerts",
                "/accounting",
                "/rejections",
                "/scanners",
                "/system",
                "/images")) {
            gets.add(results + filled(page));
        }
        Map<String, Object> body = new TreeMap<>(Map.of(
                "reviewer",
                "mallory",
                "cellId",
                cellId,
                "label",
                "BLAST",
                "acknowledgedBy",
                "mallory",
                "closedBy",
                "mallory",
                "note",
                "nothing",
                "readBack",
                Map.of("patientId", patientId, "state", "INSUFFICIENT_CELLS")));
        body.putAll(Map.of(
                "patient",
                "mallory",
                "specimen",
                "mallory",
                "specimenType",
                "BONE_MARROW",
                "kind",
                "CELL",
                "from",
                "A",
                "into",
                "mallory",
                "by",
                "mallory",
                "reason",
                "none"));
        Map<String, String> fields = new HashMap<>();
        body.forEach((name, value) -> fields.put(name, value instanceof String text ? text : ""));
        fields.putAll(Map.of("patientId", patientId, "state", "INSUFFICIENT_CELLS"));
        return new HashMap<>(Map.of(
                "posts",
                posts,
                "deletes",
                deletes,
                "gets",
                gets,
                "body",
                body,
                "fields",
                fields,
                "image",
                Base64.getEncoder().encodeToString(Files.readAllBytes(image))));
    }

    private static String filled(String path) {
        return path.replace("{specimenId}", specimenId)
                .replace("{patientId}", patientId)
                .replace("{cellId}", cellId)
                .replace("{imageId}", cellId.substring(0, cellId.lastIndexOf('.')))
                .replace("{alertId}", patientId + ".1")
                .replace("{id}", patientId);
    }

    /** The end of every partition of every topic. */
    private static Map<TopicPartition, Long> ends() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", system.bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            for (Topic topic : Arrays.asList(Topic.values())) {
                for (int partition = 0; partition < topic.partitions(); partition++) {
                    asked.put(new TopicPartition(topic.topicName(), partition), OffsetSpec.latest());
                }
            }
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (var end : admin.listOffsets(asked).all().get().entrySet()) {
                ends.put(end.getKey(), end.getValue().offset());
            }
            return ends;
        }
    }
}
