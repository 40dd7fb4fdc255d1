package io.leukostream.ingest.dicom;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leukostream.events.SmearImage;
import io.leukostream.ingest.EventLog;
import io.leukostream.ingest.LoggedText;
import io.leukostream.ingest.Pictures;
import io.leukostream.ingest.PlatformResource;
import io.leukostream.simulator.planted.Planted;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Orthanc, to which dcmtk's storescu and STOW-RS send; broker, registry and vault are real too. */
@QuarkusTest
@QuarkusTestResource(value = PlatformResource.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = OrthancResource.class, restrictToAnnotatedClass = true)
class FollowedOrthancTest {
    /** What every planted identifier begins with. */
    private static final String ANY = "Quirinius";

    private static final List<String> PLANTED_IN = List.of(
            "0008,0050 SH",
            "0008,0080 LO",
            "0008,0081 ST",
            "0008,0090 PN",
            "0008,1010 SH",
            "0008,1030 LO",
            "0008,103e LO",
            "0008,1070 PN",
            "0008,1090 LO",
            "0010,0010 PN",
            "0010,1000 LO",
            "0010,1001 PN",
            "0010,1040 LO",
            "0010,4000 LT",
            "0018,1000 LO",
            "0018,1030 LO",
            "0020,0010 SH",
            "0020,4000 LT",
            "0040,0512 LO",
            "0040,2001 LO");

    @TempDir
    private Path folder;

    @BeforeEach
    void needsOrthanc() {
        assumeTrue(OrthancProcess.isInstalled(), OrthancProcess.ABSENT);
    }

    @Test
    void imagesAreTakenHostileOnesRefusedAndNoIdentifierLeaves() throws Exception {
        // Given
        OrthancProcess orthanc = OrthancResource.running();
        LoggedText logged = new LoggedText();
        DicomFile microscopic = planted(new DicomFile(ANY + "-Patient", ANY + "-Specimen").frames(2));
        microscopic.pixels(append(microscopic.pixels(), Planted.written(ANY + "-BehindFrames")));
        DicomFile urgent = new DicomFile(ANY + "-Patient", ANY + "-Specimen")
                .set("0008,0016", "UI [1.2.840.10008.5.1.4.1.1.77.1.3]");
        Path jpeg = secondaryCapture(Planted.jpeg(Pictures.noise("jpeg", 1), ANY + "-InStream"));
        DicomFile stowed = planted(new DicomFile(ANY + "-Second", ANY + "-SecondSpecimen"));
        byte[] sound = Files.readAllBytes(new DicomFile("4711", "4711-BM").write(folder));

        // When
        List<Boolean> stored = new ArrayList<>();
        stored.add(orthanc.store("MICRO1", List.of(microscopic.write(folder))));
        stored.add(orthanc.store("EMERGENCY", List.of(urgent.write(folder))));
        stored.add(orthanc.store("OTHER", List.of(jpeg)));
        int stow = orthanc.stow(Files.readAllBytes(stowed.write(folder)));
        for (Path hostile : hostile()) {
            stored.add(orthanc.store("MICRO1", List.of(hostile)));
        }
        // Refused by Orthanc, or taken by it and refused by the door.
        for (int length : new int[] {0, 100, 140, 300, sound.length / 2, sound.length - 1}) {
            orthanc.stow(Arrays.copyOf(sound, length));
        }
        byte[] wrongLength = sound.clone();
        wrongLength[200] = (byte) 0xFF;
        orthanc.stow(wrongLength);
        DicomFile last = new DicomFile(ANY + "-Last", ANY + "-LastSpecimen");
        stored.add(orthanc.store("MICRO1", List.of(last.write(folder))));
        await(() -> LoggedImages.all().stream()
                .anyMatch(image -> LoggedImages.pixels(image).equals(hex(last.pixels(), 0))));
        await(() -> DicomReadiness.now().changesBehind() == 0);

        // Then
        assertEquals(Set.of(true), new HashSet<>(stored));
        assertEquals(200, stow);
        Map<String, SmearImage> byPixels =
                LoggedImages.all().stream().collect(Collectors.toMap(image -> LoggedImages.pixels(image), x -> x));
        SmearImage first = byPixels.get(hex(microscopic.pixels(), 0));
        SmearImage second = byPixels.get(hex(microscopic.pixels(), 1));
        SmearImage stat = byPixels.get(hex(urgent.pixels(), 0));
        assertEquals(first.getSpecimenId(), second.getSpecimenId());
        assertEquals(first.getSpecimenId(), stat.getSpecimenId());
        assertEquals("BONE_MARROW", first.getSpecimenType());
        assertEquals("FIELD", first.getKind());
        assertEquals(0.125, first.getPixelSizeMicrometres());
        assertEquals("north-1", first.getScanner());
        assertEquals("dicom", stat.getScanner());
        assertEquals("2026-01-30", first.getCapturedOn());
        assertEquals("ROUTINE", first.getPriority());
        assertEquals("STAT", stat.getPriority());
        assertTrue(byPixels.containsKey(hex(stowed.pixels(), 0)));
        assertEquals(
                1,
                byPixels.values().stream()
                        .filter(image -> image.getMediaType().equals("image/jpeg"))
                        .count());
        Map<String, Integer> codes = new TreeMap<>();
        JsonPath refusals = refusals();
        refusals.getList("items.code", String.class).forEach(code -> codes.merge(code, 1, Integer::sum));
        assertTrue(codes.entrySet().containsAll(expectedCodes().entrySet()), codes.toString());
        assertHoldNone(logged, refusals);
        everythingRefusedIsReadAgain(orthanc, refusals);
        otherDoorsStayOpenWithoutOrthanc();
    }

    @Test
    void noneIsLostAndNoneTwiceWhateverIsKilled() throws Exception {
        // Given
        List<Path> paths = new ArrayList<>();
        Set<String> expected = new HashSet<>();
        for (int k = 0; k < 40; k++) {
            DicomFile file = new DicomFile("patient-" + k % 6, "specimen-" + k % 6);
            int frames = k % 10 == 0 ? 3 : 1;
            if (frames > 1) {
                file.frames(frames);
            }
            paths.add(file.write(folder));
            for (int frame = 0; frame < frames; frame++) {
                expected.add(hex(file.pixels(), frame));
            }
        }
        String vault = "jdbc:h2:file:" + folder.resolve("vault") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        try (OrthancProcess orthanc = OrthancProcess.start(Files.createDirectories(folder.resolve("orthanc")));
                ExecutorService sender = Executors.newSingleThreadExecutor()) {
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    FollowingProcess.class.getName(),
                    orthanc.url().toString(),
                    setting("leukostream.kafka.bootstrap-servers"),
                    setting("leukostream.registry.url"),
                    vault);
            Process follower = follow(command);
            try {
                // When
                Future<?> sent = sender.submit(() -> {
                    for (int from = 0; from < paths.size(); from += 4) {
                        storeOnceItIsThere(orthanc, paths.subList(from, from + 4));
                        Thread.sleep(200);
                    }
                    return paths.size();
                });
                await(() -> own(expected).size() >= 6);
                orthanc.kill();
                orthanc.start();
                await(() -> own(expected).size() >= 14);
                follower.destroyForcibly().waitFor();
                Thread.sleep(500);
                follower = follow(command);
                await(() -> own(expected).size() >= 28);
                orthanc.kill();
                follower.destroyForcibly().waitFor();
                orthanc.start();
                follower = follow(command);
                sent.get();
                // A record alone says nothing of its mark, and what a kill left without one has to be read from Orthanc
                // again. The second of these is looked at only when the first, and all before it, have theirs.
                for (int k = 0; k < 2; k++) {
                    DicomFile behindAll = new DicomFile("patient-late", "specimen-late");
                    expected.add(hex(behindAll.pixels(), 0));
                    storeOnceItIsThere(orthanc, List.of(behindAll.write(folder)));
                    await(() -> own(expected).size() == expected.size());
                }
                // Emptied, so that its changes are counted from one again; most of what it gets then was taken before.
                orthanc.kill();
                orthanc.empty();
                orthanc.start();
                DicomFile late = new DicomFile("patient-late", "specimen-late");
                expected.add(hex(late.pixels(), 0));
                List<Path> again = new ArrayList<>(paths.subList(0, 20));
                again.add(late.write(folder));
                storeOnceItIsThere(orthanc, again);
                await(() -> own(expected).size() == expected.size());
                // Orderly, so that the last marks are set.
                follower.destroy();
                follower.waitFor();
            } finally {
                follower.destroyForcibly().waitFor();
            }
        }

        // Then
        Map<String, Set<String>> ids = new TreeMap<>();
        List<SmearImage> records = LoggedImages.all().stream()
                .filter(image -> expected.contains(LoggedImages.pixels(image)))
                .toList();
        records.forEach(image -> ids.computeIfAbsent(LoggedImages.pixels(image), none -> new HashSet<>())
                .add(image.getImageId()));
        assertEquals(expected, ids.keySet());
        assertTrue(ids.values().stream().allMatch(each -> each.size() == 1), "one id each: " + ids.values());
        int twice = records.size() - expected.size();
        System.out.printf(
                "DICOM: %d images, 2 + 2 kills, emptied once; written again by a kill: %d%n", expected.size(), twice);
        // Between record and mark a kill leaves an image that is written again under its id, as for every door.
        assertTrue(twice <= 2 * FollowingProcess.WORKERS, "written again: " + twice);
        Set<String> named = ids.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        assertEquals(named, strings(vault, "select image_id from accepted_image"), () -> log());
        assertEquals(Set.of(), strings(vault, "select instance from dicom_refusal"));
    }

    /** An Orthanc that was just started takes nothing yet. */
    private static void storeOnceItIsThere(OrthancProcess orthanc, List<Path> files) throws Exception {
        while (!orthanc.store("MICRO1", files)) {
            Thread.sleep(100);
        }
    }

    private Process follow(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("follower.log").toFile()))
                .start();
    }

    private void everythingRefusedIsReadAgain(OrthancProcess orthanc, JsonPath before) throws Exception {
        List<String> instances = before.getList("items.instance", String.class);
        orthanc.delete(instances.getFirst());
        int asked = given().post("/api/v1/dicom/refusals/retry")
                .then()
                .statusCode(202)
                .extract()
                .path("refusals");
        assertEquals(instances.size(), asked);
        await(() -> refusals().getList("items.code", String.class).contains("INSTANCE_GONE"));
        await(() -> refusals().getList("items").size() == instances.size());
    }

    private void otherDoorsStayOpenWithoutOrthanc() throws Exception {
        ProcessHandle.of(Long.parseLong(setting("test.orthanc.pid"))).ifPresent(ProcessHandle::destroyForcibly);
        await(() -> DicomReadiness.now().state().equals("ORTHANC_AWAY"));
        assertEquals("UP", health().getString("status"));
        assertTrue(given().get("/q/metrics").asString().contains("leukostream_ingest_dicom_following 0.0"));
    }

    private DicomFile planted(DicomFile file) {
        for (String place : PLANTED_IN) {
            file.set(place.substring(0, 9), place.substring(10) + " [" + ANY + "]");
        }
        return file.set("0009,0010", "LO [" + ANY + "]")
                .set("0009,1001", "LO [" + ANY + "-Private]")
                .set("0088,0200", """
                        SQ
                        (fffe,e000) na
                        (0028,0002) US 1
                        (0028,0004) CS [MONOCHROME2]
                        (0028,0010) US 1
                        (0028,0011) US 9
                        (0028,0100) US 8
                        (0028,4000) LT [%1$s]
                        (0009,0010) LO [%1$s]
                        (0009,1002) LO [%1$s]
                        (fffe,e00d)
                        (fffe,e0dd)""".formatted(ANY))
                .set("7fe1,0010", "LO [" + ANY + "]")
                .set("7fe1,1001", "LO [" + ANY + "-Behind]");
    }

    private Path secondaryCapture(byte[] stream) throws IOException, InterruptedException {
        Path picture = Files.write(folder.resolve("planted.jpg"), stream);
        Path file = folder.resolve("jpeg.dcm");
        DicomFile.run(
                "img2dcm",
                "-q",
                "-ka",
                "-k",
                "0010,0020=" + ANY + "-Patient",
                "-k",
                "0010,0010=" + ANY,
                "-k",
                "0040,0560[0].0040,0551=" + ANY + "-Specimen",
                "-k",
                "0040,0560[0].0008,2228[0].0008,0100=14016003",
                "-k",
                "0040,0560[0].0008,2228[0].0008,0102=SCT",
                picture.toString(),
                file.toString());
        return file;
    }

    private List<Path> hostile() throws IOException, InterruptedException {
        return List.of(
                new DicomFile("4711", "h")
                        .set("0008,0016", "UI [1.2.840.10008.5.1.4.1.1.2]")
                        .write(folder),
                new DicomFile("4711", "h").pixels(null).write(folder),
                new DicomFile("4711", "h").pixels(new byte[16]).write(folder),
                new DicomFile("4711", "h").set("0028,0008", "IS [2147483647]").write(folder),
                new DicomFile("4711", "h").set("0028,0008", "IS [99]").write(folder),
                new DicomFile("4711", "h").set("0028,0008", "IS [many]").write(folder),
                new DicomFile("4711", "h")
                        .set("0028,0010", "US 65535")
                        .set("0028,0011", "US 65535")
                        .write(folder),
                new DicomFile("4711", "h").set("0028,0010", "US 0").write(folder),
                new DicomFile("4711", "h").set("0028,0030", "DS [NaN\\NaN]").write(folder),
                new DicomFile("4711", "h").set("0028,0100", "US 16").write(folder),
                new DicomFile("../../etc/\u202epasswd", "h").write(folder),
                new DicomFile("4711", "h").set("0010,0020", null).write(folder),
                new DicomFile("4711", "h")
                        .set("0040,0560", null)
                        .set("0018,1000", "LO [" + ANY + "]")
                        .write(folder),
                new DicomFile("4712", ANY + "-Specimen").write(folder));
    }

    private static Map<String, Integer> expectedCodes() {
        return Map.of(
                "SOP_CLASS_UNSUPPORTED", 1,
                "TOO_MANY_FRAMES", 1,
                "PIXEL_BUDGET_EXCEEDED", 1,
                "PIXEL_FORMAT_UNSUPPORTED", 1,
                "MISSING_FIELD", 2,
                "INVALID_FIELD", 2,
                "SPECIMEN_BELONGS_TO_OTHER_PATIENT", 1);
    }

    private static void assertHoldNone(LoggedText logged, JsonPath refusals) {
        logged.close();
        assertFalse(logged.all().contains(ANY), "the service's log");
        assertFalse(refusals.prettify().contains(ANY), "the list of refusals");
        for (ConsumerRecord<byte[], byte[]> each : EventLog.all()) {
            String where = each.topic() + " at " + each.offset();
            assertFalse(Planted.isIn(each.key(), ANY), where);
            assertFalse(each.value() != null && Planted.isIn(each.value(), ANY), where);
            for (Header header : each.headers()) {
                assertFalse(header.value() != null && Planted.isIn(header.value(), ANY), where);
            }
        }
    }

    private static Set<String> own(Set<String> expected) {
        return LoggedImages.all().stream()
                .map(LoggedImages::pixels)
                .filter(expected::contains)
                .collect(Collectors.toSet());
    }

    private static String hex(byte[] pixels, int frame) {
        int length = DicomFile.WIDTH_PX * DicomFile.HEIGHT_PX * 3;
        return HexFormat.of().formatHex(pixels, frame * length, (frame + 1) * length);
    }

    private static byte[] append(byte[] first, byte[] second) {
        int odd = (first.length + second.length) & 1;
        return ByteBuffer.allocate(first.length + second.length + odd)
                .put(first)
                .put(second)
                .array();
    }

    private static Set<String> strings(String vault, String query) throws SQLException {
        Set<String> found = new TreeSet<>();
        try (Connection connection = DriverManager.getConnection(vault);
                ResultSet rows = connection.createStatement().executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("follower.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonPath refusals() {
        return given().get("/api/v1/dicom/refusals")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static JsonPath health() {
        return given().get("/q/health/ready").jsonPath();
    }

    private static String setting(String key) {
        return ConfigProvider.getConfig().getValue(key, String.class);
    }

    private void await(Callable<Boolean> condition) throws Exception {
        for (int k = 0; k < 240; k++) {
            if (condition.call()) {
                return;
            }
            Thread.sleep(250);
        }
        Path log = folder.resolve("follower.log");
        throw new AssertionError("not within a minute: " + refusals().prettify() + health().prettify()
                + (Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : ""));
    }
}
