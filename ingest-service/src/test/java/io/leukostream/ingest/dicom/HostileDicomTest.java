package io.leukostream.ingest.dicom;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leukostream.ingest.PlatformResource;
import io.leukostream.ingest.intake.BytesInFlight;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile instances in a real Orthanc, with good ones among them. {@code -Dleukostream.hostile.files=2000} sends more,
 * {@code -Dleukostream.hostile.seed} others.
 */
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = OrthancResource.class, restrictToAnnotatedClass = true)
class HostileDicomTest {
    private static final int FILES = Integer.getInteger("leukostream.hostile.files", 110);
    private static final long SEED = Long.getLong("leukostream.hostile.seed", 6);
    private static final int GOOD_EVERY = 10;
    private static final Duration LIMIT = Duration.ofMillis(60_000 + 200L * FILES);
    private static final long HEAP_GROWTH_BYTES = 96L << 20;
    private static final int STORED = 200;
    private static final int UNANSWERED = 0;

    @TempDir
    Path folder;

    @Inject
    BytesInFlight bytesInFlight;

    @Test
    void everyInstanceEndsWithACodeAndNoGoodOneIsLost() throws Exception {
        // Given
        assumeTrue(OrthancProcess.isInstalled(), OrthancProcess.ABSENT);
        OrthancProcess orthanc = OrthancResource.running();
        HostileDicom files = new HostileDicom(SEED);
        Set<String> expected = new HashSet<>();
        long heapBefore = heapInUse();

        // When
        long start = System.nanoTime();
        Map<Integer, Integer> answers = new TreeMap<>();
        for (int number = 0; number < FILES; number++) {
            answers.merge(sent(orthanc, files.file(number), number), 1, Integer::sum);
            if (number % GOOD_EVERY == 0) {
                assertEquals(STORED, orthanc.stow(files.good(number)));
                expected.add(HexFormat.of().formatHex(files.goodPixels(number)));
            }
        }
        awaitThatAllIsDealtWith(orthanc);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        long heapAfter = heapInUse();

        // Then
        Set<String> stored = orthanc.instances();
        Map<String, Integer> codes = new TreeMap<>();
        Map<String, Set<String>> refused = new HashMap<>();
        String page = "0";
        while (page != null) {
            JsonPath refusals = given().queryParam("page", page)
                    .get("/api/v1/dicom/refusals")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            List<Map<String, Object>> items = refusals.getList("items");
            for (Map<String, Object> item : items) {
                String code = item.get("code").toString();
                codes.merge(code, 1, Integer::sum);
                refused.computeIfAbsent(item.get("instance").toString(), none -> new HashSet<>())
                        .add(code);
            }
            page = refusals.getString("next");
        }
        Set<String> pixels =
                LoggedImages.all().stream().map(LoggedImages::pixels).collect(Collectors.toSet());
        System.out.printf(
                "DICOM, seed %d: %d files and %d good ones; Orthanc's answers %s; %d instances, %d images in the log,"
                        + " refused %s; all within %.1f s; heap in use %d → %d MiB%n",
                SEED,
                FILES,
                expected.size(),
                answers,
                stored.size(),
                pixels.size(),
                codes,
                took.toMillis() / 1e3,
                heapBefore >> 20,
                heapAfter >> 20);
        assertFalse(codes.containsKey("INTERNAL_ERROR"), refused.toString());
        assertTrue(pixels.containsAll(expected), "good ones are missing");
        assertTrue(answers.getOrDefault(UNANSWERED, 0) * 100 <= FILES, "Orthanc's answers: " + answers);
        // An instance of several frames may be both.
        assertTrue(stored.size() <= refused.size() + pixels.size(), "instances without an outcome");
        assertEquals(0, bytesInFlight.held());
        assertTrue(heapAfter - heapBefore < HEAP_GROWTH_BYTES, heapBefore + " → " + heapAfter);
    }

    @Test
    void whateverTheCodingThePixelsAreThoseThatWereSentOrRefusedByName() throws Exception {
        // Given
        assumeTrue(OrthancProcess.isInstalled(), OrthancProcess.ABSENT);
        OrthancProcess orthanc = OrthancResource.running();
        assumeTrue(isPillowInstalled(), "Debian's python3-pil is not installed: nothing writes JPEG 2000");
        awaitThatAllIsDealtWith(orthanc);
        int before = LoggedImages.all().size();
        Map<String, CodedDicom> taken = CodedDicom.taken(folder);
        Map<String, CodedDicom> refused = CodedDicom.refused(folder);

        // When
        for (Map<String, CodedDicom> all : List.of(taken, refused)) {
            for (Map.Entry<String, CodedDicom> each : all.entrySet()) {
                assertEquals(STORED, orthanc.stow(each.getValue().file()), each.getKey());
            }
        }
        awaitThatAllIsDealtWith(orthanc);

        // Then
        List<String> logged =
                LoggedImages.all().stream().map(LoggedImages::pixels).toList();
        List<String> wrong = new ArrayList<>();
        taken.forEach((name, coded) -> {
            if (logged.stream().noneMatch(coded::isLike)) {
                wrong.add(name + " is not in the log as it was sent");
            }
        });
        refused.forEach((name, coded) -> {
            if (logged.stream().anyMatch(coded::isLike)) {
                wrong.add(name + " is in the log");
            }
        });
        assertEquals(List.of(), wrong);
        assertEquals(before + taken.size(), logged.size(), "what is refused is not published with other pixels");
        Map<String, Long> codes = refusals().getList("items.code", String.class).stream()
                .collect(Collectors.groupingBy(code -> code, Collectors.counting()));
        assertTrue(codes.getOrDefault("PIXEL_FORMAT_UNSUPPORTED", 0L) >= refused.size() - 1, codes.toString());
        assertEquals(
                LoggedImages.specimenOf(taken.get("identifiers padded by NUL")),
                LoggedImages.specimenOf(taken.get("identifiers padded by a space")),
                "one patient, however an identifier is padded");
    }

    private static boolean isPillowInstalled() throws IOException, InterruptedException {
        return new ProcessBuilder("/usr/bin/python3", "-c", "import PIL")
                        .start()
                        .waitFor()
                == 0;
    }

    private static JsonPath refusals() {
        return given().get("/api/v1/dicom/refusals")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void instancesWaitWhileTheAdmissionLimitIsReached() throws Exception {
        // Given
        assumeTrue(OrthancProcess.isInstalled(), OrthancProcess.ABSENT);
        OrthancProcess orthanc = OrthancResource.running();
        HostileDicom files = new HostileDicom(SEED + 1);
        String pixels = HexFormat.of().formatHex(files.goodPixels(0));
        boolean isWaiting;
        boolean isTakenMeanwhile;

        // When
        try (BytesInFlight.Reservation all = bytesInFlight.open()) {
            long limit = ConfigProvider.getConfig().getValue("leukostream.admission.max-bytes", Long.class);
            assertTrue(all.grow(limit - bytesInFlight.held()));
            assertEquals(STORED, orthanc.stow(files.good(0)));
            isWaiting = comesTo("WAITING");
            isTakenMeanwhile = isLogged(pixels);
        }
        awaitThatAllIsDealtWith(orthanc);

        // Then
        assertTrue(isWaiting);
        assertFalse(isTakenMeanwhile);
        assertTrue(isLogged(pixels));
    }

    private static boolean comesTo(String state) throws InterruptedException {
        for (int k = 0; k < 120; k++) {
            if (DicomReadiness.now().state().equals(state)) {
                return true;
            }
            Thread.sleep(250);
        }
        return false;
    }

    private static boolean isLogged(String pixels) {
        return LoggedImages.all().stream().map(LoggedImages::pixels).anyMatch(pixels::equals);
    }

    /** What Orthanc answers; a broken file may keep a thread of it busy for ever, which none of its others notices. */
    private static int sent(OrthancProcess orthanc, byte[] file, int number) throws InterruptedException {
        try {
            return orthanc.stow(file);
        } catch (HttpTimeoutException e) {
            System.out.println("Orthanc gives no answer to #" + number + " in time: " + e.getMessage());
            return UNANSWERED;
        } catch (IOException e) {
            throw new AssertionError("Orthanc hung up on #" + number, e);
        }
    }

    private static void awaitThatAllIsDealtWith(OrthancProcess orthanc) throws Exception {
        long start = System.nanoTime();
        DicomReadiness done = new DicomReadiness("FOLLOWING", 0);
        while (!DicomReadiness.now().equals(done)
                || read() < orthanc.instances().size()) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new AssertionError("not within " + LIMIT + ": " + DicomReadiness.now());
            }
            Thread.sleep(500);
        }
    }

    /** Instances that were read. */
    private static double read() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("leukostream_ingest_dicom_instances_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
