package io.leukostream.ingest.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.ingest.EventLog;
import io.leukostream.ingest.PlatformResource;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.schemas.Topic;
import io.leukostream.simulator.hostile.HostileImage;
import io.leukostream.simulator.hostile.HostileImage.Demand;
import io.leukostream.simulator.hostile.HostileImages;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The door for images against hostile files with good ones among them. {@code -Dleukostream.hostile.files=2000} sends more
 * files, {@code -Dleukostream.hostile.seed} others.
 */
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
class HostileFilesTest {
    private static final int FILES = Integer.getInteger("leukostream.hostile.files", 102);
    private static final long SEED = Long.getLong("leukostream.hostile.seed", 1);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int GOOD_EVERY = 10;
    private static final long HEAP_GROWTH_BYTES = 96L << 20;
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 415, 422);
    private static final String BOUNDARY = "a-boundary-of-the-hostile-scanner";

    @Inject
    BytesInFlight bytesInFlight;

    /** What came back. */
    private record Answer(String what, Demand demand, int status, String code, String imageId, long millis) {}

    @Test
    void everyFileGetsACodeInTimeAndNoGoodImageIsLost() throws Exception {
        // Given
        HostileImages images = new HostileImages(SEED);
        HttpClient client = HttpClient.newHttpClient();
        post(client, images.good(FILES), "warm.png", "image/png", null, "warm-up", Demand.ACCEPT);
        long heapBefore = heapInUse();

        // When
        List<Future<Answer>> sent = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService scanners = Executors.newFixedThreadPool(4)) {
            for (int k = 0; k < FILES; k++) {
                int number = k;
                sent.add(scanners.submit(() -> {
                    HostileImage image = images.image(number);
                    return post(
                            client,
                            image.file(),
                            image.fileName(),
                            image.contentType(),
                            image.pixelSize(),
                            image.toString(),
                            isUtterable(image.fileName()) ? image.demand() : Demand.DECIDE);
                }));
                if (k % GOOD_EVERY == 0) {
                    sent.add(scanners.submit(() ->
                            post(client, images.good(number), "cell.png", "image/png", null, "good", Demand.ACCEPT)));
                }
            }
            for (Future<Answer> each : sent) {
                answers.add(each.get());
            }
        }
        long heapAfter = heapInUse();

        // Then
        Map<String, Integer> codes = new TreeMap<>();
        answers.forEach(answer -> codes.merge(answer.code(), 1, Integer::sum));
        Answer slowest = answers.stream()
                .max((a, b) -> Long.compare(a.millis(), b.millis()))
                .orElseThrow();
        System.out.printf(
                "HTTP, seed %d: %d answers %s; slowest %d ms: %s; heap in use %d → %d MiB%n",
                SEED, answers.size(), codes, slowest.millis(), slowest.what(), heapBefore >> 20, heapAfter >> 20);
        List<Answer> wrong = answers.stream().filter(HostileFilesTest::isWrong).toList();
        assertEquals(List.of(), wrong);
        assertTrue(slowest.millis() <= LIMIT.toMillis(), slowest.toString());
        Set<String> published = EventLog.of(Topic.SMEAR_IMAGES.topicName()).stream()
                .map(each -> new String(each.key(), StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
        assertEquals(
                List.of(),
                answers.stream()
                        .filter(answer -> isAccepted(answer) && !published.contains(answer.imageId()))
                        .toList());
        assertEquals(0, bytesInFlight.held());
        assertTrue(heapAfter - heapBefore < HEAP_GROWTH_BYTES, heapBefore + " → " + heapAfter);
    }

    private static boolean isAccepted(Answer answer) {
        return answer.status() == 202 || answer.status() == 200;
    }

    private static boolean isWrong(Answer answer) {
        boolean isRefused = REFUSALS.contains(answer.status()) && !answer.code().isEmpty();
        return switch (answer.demand()) {
            case ACCEPT -> !isAccepted(answer);
            case REFUSE -> !isRefused;
            case DECIDE -> !isAccepted(answer) && !isRefused;
        };
    }

    /** Whether a header of a multipart body can hold it as it is. */
    private static boolean isUtterable(String fileName) {
        return fileName.chars().noneMatch(each -> each < ' ' || each == '"' || each == '\\');
    }

    private static Answer post(
            HttpClient client,
            byte[] file,
            String fileName,
            String contentType,
            String pixelSize,
            String what,
            Demand demand)
            throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Map<String, String> fields = Scanner.fields("Specimen-of-hostility");
        if (pixelSize != null) {
            fields.put("pixelSizeMicrometres", pixelSize);
        }
        fields.forEach((name, value) -> body.writeBytes(utf8("--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")));
        body.writeBytes(utf8("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\""
                + fileName + "\"\r\nContent-Type: " + contentType + "\r\n\r\n"));
        body.writeBytes(file);
        body.writeBytes(utf8("\r\n--" + BOUNDARY + "--\r\n"));
        long began = System.nanoTime();
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + "/api/v1/images"))
                        .timeout(LIMIT)
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        long millis = (System.nanoTime() - began) / 1_000_000;
        JsonPath json = JsonPath.from(answer.body());
        String code = json.getString("code");
        return new Answer(
                what,
                demand,
                answer.statusCode(),
                code == null ? Integer.toString(answer.statusCode()) : code,
                String.valueOf(json.getString("imageId")),
                millis);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
