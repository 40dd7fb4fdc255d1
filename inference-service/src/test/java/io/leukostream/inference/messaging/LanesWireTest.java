package io.leukostream.inference.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.embedded.EmbeddedPlatform;
import io.leukostream.embedded.RegistryRelay;
import io.leukostream.events.ClassifiedCell;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageEvidence;
import io.leukostream.events.ImageRejected;
import io.leukostream.events.SmearImage;
import io.leukostream.inference.Fixtures;
import io.leukostream.inference.bundle.ModelBundle;
import io.leukostream.inference.domain.ImagePreparer;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.onnx.OnnxRuntime;
import io.leukostream.inference.pipeline.Inspector;
import io.leukostream.inference.pipeline.Workbench;
import io.leukostream.inference.pipeline.WorkerPerCore;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.leukostream.simulator.hostile.HostileImage;
import io.leukostream.simulator.hostile.HostileImage.Demand;
import io.leukostream.simulator.hostile.HostileImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lanes against a real broker and registry, with the real network; real cells where this machine has them. */
class LanesWireTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ModelBundle BUNDLE = Fixtures.bundle();
    private static final int HOSTILE_FILES = Integer.getInteger("leukostream.hostile.files", 102);
    private static final long HOSTILE_SEED = Long.getLong("leukostream.hostile.seed", 5);

    @TempDir
    static Path folder;

    private static EmbeddedPlatform platform;
    private static Wire wire;
    private static int specimens;

    private final String specimen = "S-WIRE%04d".formatted(specimens++);
    private final List<AutoCloseable> running = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        platform = EmbeddedPlatform.start(folder);
        wire = new Wire(platform);
    }

    @AfterAll
    static void stop() {
        wire.close();
        platform.close();
    }

    @AfterEach
    void stopLanes() throws Exception {
        for (AutoCloseable part : running) {
            part.close();
        }
        running.clear();
    }

    @Test
    void everyImageHasOneOutcomeWhoseEvidenceIsWhereItSaysAndAPoisonImageCostsItselfAlone() throws Exception {
        // Given
        List<SmearImage> good = images(40);
        byte[] whole = Fixtures.golden("jpeg-450.jpg");
        SmearImage truncated = Wire.image(specimen, "CELL", Arrays.copyOf(whole, whole.length / 2))
                .build();
        SmearImage altered = Wire.image(specimen, "CELL", whole)
                .setContentSha256("0".repeat(64))
                .build();
        SmearImage absurd = Wire.image(specimen, "CELL", Fixtures.golden("small-450.png"))
                .setPixelSizeMicrometres(-3.0)
                .build();
        SmearImage telltale = Wire.image(specimen, "CELL", Fixtures.golden("bmp-160.bmp"))
                .setScanner("Doe, Jane; born 2015-02-03")
                .build();
        // What ingest refuses of a request comes past it by Kafka.
        List<SmearImage> odd = List.of(
                Wire.image(specimen, "CELL", Fixtures.golden("bmp-160.bmp"))
                        .setReceivedAt(Instant.parse("2099-01-01T00:00:00Z"))
                        .setImageId(Identity.imageId(specimen, ByteBuffer.wrap(new byte[] {1})))
                        .build(),
                Wire.image(specimen, "CELL", Fixtures.golden("bmp-160.bmp"))
                        .setReceivedAt(Instant.EPOCH)
                        .setImageId(Identity.imageId(specimen, ByteBuffer.wrap(new byte[] {2})))
                        .build(),
                Wire.image(specimen, "CELL", Fixtures.golden("bmp-160.bmp"))
                        .setPriority("urgent")
                        .setImageId(Identity.imageId(specimen, ByteBuffer.wrap(new byte[] {3})))
                        .build(),
                Wire.image(specimen, "CELL", Fixtures.golden("bmp-160.bmp"))
                        .setCapturedOn("2026-02-30")
                        .setImageId(Identity.imageId(specimen, ByteBuffer.wrap(new byte[] {4})))
                        .build(),
                Wire.image(specimen, "CELL", Fixtures.golden("bmp-160.bmp"))
                        .setCapturedOn("2026-02-03T10:00:00Z")
                        .setImageId(Identity.imageId(specimen, ByteBuffer.wrap(new byte[] {5})))
                        .build());
        SmearImage misnamed = Wire.image(specimen, "CELL", Fixtures.golden("large-450.png"))
                .setImageId(specimen + "." + "A".repeat(26))
                .build();
        SmearImage text = Wire.image(specimen, "CELL", "no image".getBytes(StandardCharsets.UTF_8))
                .build();
        String garbageKey = specimen + "." + "B".repeat(26);

        // When
        wire.sendMany(Topic.SMEAR_IMAGES, good.subList(0, 20));
        List.of(truncated, altered, absurd, telltale, misnamed, text)
                .forEach(image -> wire.send(Topic.SMEAR_IMAGES, image));
        odd.forEach(image -> wire.send(Topic.SMEAR_IMAGES, image));
        wire.sendRaw(Topic.SMEAR_IMAGES, garbageKey, new byte[] {0, 0, 0, 0, 1, 99, -1, -1, -1, 7});
        var nameless = wire.sendRaw(Topic.SMEAR_IMAGES, "not an id", new byte[] {9});
        wire.sendMany(Topic.SMEAR_IMAGES, good.subList(20, 40));
        startLanes("1", folder());
        Set<String> expected = ids(good);
        expected.addAll(ids(List.of(truncated, altered, absurd, telltale, misnamed, text)));
        expected.addAll(ids(odd));
        expected.add(garbageKey);
        String placeName = "UNKNOWN." + nameless.topic() + "-" + nameless.partition() + "-" + nameless.offset();
        expected.add(placeName);
        wire.awaitOutcomes(expected, PATIENCE);

        // Then
        Map<String, String> reasons =
                rejections().stream().collect(Collectors.toMap(ImageRejected::getImageId, ImageRejected::getReason));
        assertEquals("IMAGE_TRUNCATED", reasons.get(truncated.getImageId()));
        assertEquals("IMAGE_CHECKSUM_MISMATCH", reasons.get(altered.getImageId()));
        assertEquals("INVALID_RECORD", reasons.get(absurd.getImageId()));
        assertEquals("INVALID_RECORD", reasons.get(telltale.getImageId()));
        odd.forEach(image -> assertEquals("INVALID_RECORD", reasons.get(image.getImageId()), image.toString()));
        assertTrue(
                rejections().stream()
                        .filter(each -> each.getImageId().equals(odd.get(0).getImageId())
                                || each.getImageId().equals(odd.get(1).getImageId()))
                        .allMatch(each -> each.getReceivedAt() == null),
                "a time that is far off the log's goes no further");
        assertTrue(
                rejections().stream().allMatch(each -> each.getScanner() == null), "what is no alias goes no further");
        assertEquals("IMAGE_ID_MISMATCH", reasons.get(misnamed.getImageId()));
        assertEquals("UNSUPPORTED_MEDIA_TYPE", reasons.get(text.getImageId()));
        assertEquals("RECORD_UNREADABLE", reasons.get(garbageKey));
        assertEquals("RECORD_UNREADABLE", reasons.get(placeName));
        Map<String, ImageClassified> classified = classified();
        List<String> outcomes = wire.outcomes();
        var evidenceLog = wire.all(Topic.IMAGE_EVIDENCE, ImageEvidence.class);
        for (SmearImage image : good) {
            ImageClassified outcome = classified.get(image.getImageId());
            assertNotNull(outcome, image.getImageId());
            assertEquals(1, Collections.frequency(outcomes, image.getImageId()));
            assertNotNull(outcome.getModel().getOperatingCharacteristics());
            assertEquals("NOMINAL", outcome.getQuality().getPixelSizeSource());
            ImageEvidence evidence = at(evidenceLog, outcome);
            assertEquals(image.getImageId(), evidence.getImageId());
            assertNull(evidence.getDisplay());
            assertEquals(
                    outcome.getCells().stream().map(ClassifiedCell::getCellId).toList(),
                    evidence.getCrops().stream().map(crop -> crop.getCellId()).toList());
        }
    }

    @Test
    void aRegistryThatIsAwayOrKnowsNothingMakesNoOutcome() throws Exception {
        try (RegistryRelay relay = RegistryRelay.to(platform.registryUrl())) {
            // Given: lanes that start beside a registry that knows nothing any more
            List<SmearImage> all = images(18);
            List<SmearImage> early = all.subList(0, 6);
            relay.answer(RegistryRelay.Answer.NOT_FOUND);
            startLanes("registry", folder(), Role.SERVING, relay.url());
            wire.sendMany(Topic.SMEAR_IMAGES, early);

            // When, Then: they wait
            Thread.sleep(5_000);
            assertEquals(
                    List.of(),
                    wire.outcomes().stream()
                            .filter(each -> ids(early).contains(each))
                            .toList());

            // When it is back, then each image has its outcome
            relay.answer(RegistryRelay.Answer.OF_THE_REGISTRY);
            wire.awaitOutcomes(ids(early), PATIENCE);

            // When it goes while the lanes run, then they need it no more
            relay.answer(RegistryRelay.Answer.ERROR);
            wire.sendMany(Topic.SMEAR_IMAGES, all.subList(6, 12));
            wire.awaitOutcomes(ids(all.subList(0, 12)), PATIENCE);
            relay.answer(RegistryRelay.Answer.NOT_FOUND);
            wire.sendMany(Topic.SMEAR_IMAGES, all.subList(12, 18));
            wire.awaitOutcomes(ids(all), PATIENCE);
            assertTrue(classified().keySet().containsAll(ids(all)), "no outcome is of the registry's making");
        }
    }

    @Test
    void hostileFilesThatNoDoorSawHaveOneOutcomeEachAndTheGoodOnesAmongThemAreClassified() throws Exception {
        // Given
        HostileImages files = new HostileImages(HOSTILE_SEED);
        List<SmearImage> good = new ArrayList<>();
        List<SmearImage> toBeRefused = new ArrayList<>();
        List<SmearImage> all = new ArrayList<>();
        for (int number = 0; number < HOSTILE_FILES; number++) {
            HostileImage hostile = files.image(number);
            SmearImage.Builder image = Wire.image(specimen, number % 2 == 0 ? "CELL" : "FIELD", hostile.file());
            if (hostile.pixelSize() != null) {
                image.setPixelSizeMicrometres(number(hostile.pixelSize()));
            }
            all.add(image.build());
            if (hostile.demand() == Demand.REFUSE) {
                toBeRefused.add(all.getLast());
            }
            if (number % 5 == 0) {
                good.add(Wire.image(specimen, "CELL", files.good(number)).build());
                all.add(good.getLast());
            }
        }

        // When
        wire.sendMany(Topic.SMEAR_IMAGES, all);
        startLanes("1", folder());
        wire.awaitOutcomes(ids(all), Duration.ofSeconds(60 + HOSTILE_FILES / 4));

        // Then
        Set<String> rejected =
                rejections().stream().map(ImageRejected::getImageId).collect(Collectors.toSet());
        Set<String> unforeseen = rejections().stream()
                .filter(each -> each.getReason().equals("PROCESSING_FAILED")
                        || each.getReason().equals("DECODER_CRASHED"))
                .filter(each -> each.getSpecimenId().equals(specimen))
                .map(ImageRejected::getImageId)
                .collect(Collectors.toSet());
        Map<String, ImageClassified> classified = classified();
        assertEquals(Set.of(), unforeseen);
        toBeRefused.forEach(image -> assertTrue(rejected.contains(image.getImageId()), image.getImageId()));
        good.forEach(image -> assertNotNull(classified.get(image.getImageId())));
        // The same few bytes may be drawn twice; then they are one image that was delivered twice.
        Map<String, Long> sent =
                all.stream().collect(Collectors.groupingBy(SmearImage::getImageId, Collectors.counting()));
        List<String> outcomes = wire.outcomes();
        sent.forEach((id, times) -> assertEquals(times.intValue(), Collections.frequency(outcomes, id), id));
    }

    /** What a client in another language would put into the record's field. */
    private static double number(String stated) {
        return stated.matches("-?(Infinity|[0-9.]+(e-?[0-9]+)?)") ? Double.parseDouble(stated) : Double.NaN;
    }

    @Test
    void aStatImageOvertakesARoutineBacklogAndARepeatGivesTheSameOutcome() throws Exception {
        // Given
        List<SmearImage> backlog = images(600);
        SmearImage urgent = Wire.image(specimen, "CELL", Fixtures.golden("small-450.png"))
                .setPriority("STAT")
                .build();
        startLanes("1", folder());
        wire.sendMany(Topic.SMEAR_IMAGES, backlog);

        // When
        wire.send(Topic.SMEAR_IMAGES_STAT, urgent);
        wire.send(Topic.SMEAR_IMAGES, urgent);
        wire.awaitOutcomes(ids(backlog), PATIENCE);
        while (Collections.frequency(wire.outcomes(), urgent.getImageId()) < 2) {
            Thread.sleep(100);
        }

        // Then
        // By the log's own times, because when a reader gets round to looking says nothing about the lanes.
        Set<String> overtaken = ids(backlog);
        var log = wire.all(Topic.CELL_CLASSIFICATIONS, ImageClassified.class);
        long urgentDone = log.stream()
                .filter(found -> found.value().getImageId().equals(urgent.getImageId()))
                .mapToLong(ConsumerRecord::timestamp)
                .min()
                .orElseThrow();
        long after = log.stream()
                .filter(found -> overtaken.contains(found.value().getImageId()) && found.timestamp() > urgentDone)
                .count();
        assertTrue(after > 0, "STAT waited for the whole backlog");
        List<ImageClassified> both = allClassified().stream()
                .filter(outcome -> outcome.getImageId().equals(urgent.getImageId()))
                .toList();
        assertEquals(2, both.size());
        assertEquals(both.get(0).getCells(), both.get(1).getCells());
        assertEquals(
                Set.of("STAT", "ROUTINE"),
                both.stream().map(ImageClassified::getPriority).collect(Collectors.toSet()));
    }

    @Test
    void aSuspectIsTriedAloneWhileTheOtherLaneHasABacklog() throws Exception {
        // Given: a STAT image that was in progress when the last process died
        List<SmearImage> backlog = images(600);
        SmearImage suspect = Wire.image(specimen, "CELL", Fixtures.golden("small-450.png"))
                .setPriority("STAT")
                .build();
        Path data = folder();
        wire.send(Topic.SMEAR_IMAGES_STAT, suspect);
        var record = wire.all(Topic.SMEAR_IMAGES_STAT, SmearImage.class).stream()
                .filter(found -> found.key().equals(suspect.getImageId()))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                data.resolve("in-progress-stat"),
                record.topic() + " " + record.partition() + " " + record.offset() + " 0 0\n");
        wire.sendMany(Topic.SMEAR_IMAGES, backlog);

        // When
        startLanes("1", data);
        wire.awaitOutcomes(ids(List.of(suspect)), PATIENCE);
        wire.awaitOutcomes(ids(backlog), PATIENCE);

        // Then
        Set<String> others = ids(backlog);
        var log = wire.all(Topic.CELL_CLASSIFICATIONS, ImageClassified.class);
        long done = log.stream()
                .filter(found -> found.value().getImageId().equals(suspect.getImageId()))
                .mapToLong(ConsumerRecord::timestamp)
                .min()
                .orElseThrow();
        assertTrue(
                log.stream().anyMatch(found -> others.contains(found.value().getImageId()) && found.timestamp() > done),
                "the suspect waited for the whole backlog");
    }

    @Test
    void lanesThatStopInMidStreamGoOnWhereTheyStoppedWithoutLossOrRepeat() throws Exception {
        // Given
        List<SmearImage> images = images(250);
        wire.sendMany(Topic.SMEAR_IMAGES, images);
        startLanes("1", folder());
        while (Collections.disjoint(wire.outcomes(), ids(images))) {
            Thread.sleep(20);
        }

        // When
        long began = System.nanoTime();
        stopLanes();
        double stoppedSeconds = (System.nanoTime() - began) / 1e9;
        int before = wire.outcomes().size();
        startLanes("1", folder());
        wire.awaitOutcomes(ids(images), PATIENCE);

        // Then
        assertTrue(stoppedSeconds < 5, "stopping took " + stoppedSeconds + " s");
        assertTrue(before > 0);
        Map<String, Long> counts =
                wire.outcomes().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        ids(images).forEach(id -> assertEquals(1, counts.get(id), id));
    }

    @Test
    void anotherOfTheSameNameFencesTheFirstAndNothingIsLostOrDoubled() throws Exception {
        // Given
        List<SmearImage> images = images(250);
        wire.sendMany(Topic.SMEAR_IMAGES, images);
        Lanes first = startLanes("1", folder());
        while (Collections.disjoint(wire.outcomes(), ids(images))) {
            Thread.sleep(20);
        }

        // When
        startLanes("1", folder());
        first.close();
        wire.awaitOutcomes(ids(images), PATIENCE);

        // Then
        Map<String, Long> counts =
                wire.outcomes().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        ids(images).forEach(id -> assertEquals(1, counts.get(id), id));
    }

    @Test
    void aFieldGetsADisplayAndDecidesNothing() throws Exception {
        // Given
        SmearImage field = Wire.image(specimen, "FIELD", Fixtures.golden("cream-surround-300.png"))
                .setPixelSizeMicrometres(0.065)
                .build();
        startLanes("1", folder());

        // When
        wire.send(Topic.SMEAR_IMAGES, field);
        wire.awaitOutcomes(Set.of(field.getImageId()), PATIENCE);

        // Then
        ImageClassified outcome = classified().get(field.getImageId());
        assertNotNull(outcome);
        assertEquals("STATED", outcome.getQuality().getPixelSizeSource());
        assertNull(outcome.getModel().getOperatingCharacteristics());
        ImageEvidence evidence = at(wire.all(Topic.IMAGE_EVIDENCE, ImageEvidence.class), outcome);
        assertNotNull(evidence.getDisplay());
    }

    @Test
    void aSuspectThatKilledTheProcessTwiceIsRejectedAndTheOthersAreNot() throws Exception {
        // Given
        List<SmearImage> images = images(3);
        Path data = folder();
        var guilty =
                wire.sendRaw(Topic.SMEAR_IMAGES, specimen + "." + "C".repeat(26), new byte[] {0, 0, 0, 0, 1, 1, 1, 1});
        Files.writeString(
                data.resolve("in-progress-routine"),
                guilty.topic() + " " + guilty.partition() + " " + guilty.offset() + " 1\n");
        wire.sendMany(Topic.SMEAR_IMAGES, images);

        // When
        startLanes("1", data);
        Set<String> expected = ids(images);
        expected.add(specimen + "." + "C".repeat(26));
        wire.awaitOutcomes(expected, PATIENCE);

        // Then
        assertEquals(
                List.of("DECODER_CRASHED"),
                rejections().stream()
                        .filter(rejection -> rejection.getSpecimenId().equals(specimen))
                        .map(ImageRejected::getReason)
                        .toList());
    }

    @Test
    void aShadowReadsTheLogFromItsBeginningAndPublishesBesideTheOutcomesThatCount() throws Exception {
        // Given
        List<SmearImage> images = images(3);
        wire.sendMany(Topic.SMEAR_IMAGES, images);
        startLanes("1", folder());
        wire.awaitOutcomes(ids(images), PATIENCE);
        long outcomes = allClassified().size();

        // When
        startLanes("1", folder(), Role.SHADOW);
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!shadowed().keySet().containsAll(ids(images)) && Instant.now().isBefore(deadline)) {
            Thread.sleep(100);
        }

        // Then
        Map<String, ImageClassified> serving = classified();
        for (SmearImage image : images) {
            ImageClassified shadow = shadowed().get(image.getImageId());
            assertNotNull(shadow, "no shadow outcome of " + image.getImageId());
            assertEquals(serving.get(image.getImageId()).getCells(), shadow.getCells());
            assertEquals(shadow.getSource(), shadow.getEvidence());
        }
        assertEquals(outcomes, allClassified().size());
    }

    private static Map<String, ImageClassified> shadowed() {
        return wire.all(Topic.CELL_CLASSIFICATIONS_SHADOW, ImageClassified.class).stream()
                .map(ConsumerRecord::value)
                .collect(Collectors.toMap(ImageClassified::getImageId, Function.identity(), (a, b) -> a));
    }

    private Lanes startLanes(String instance, Path data) {
        return startLanes(instance, data, Role.SERVING);
    }

    private Lanes startLanes(String instance, Path data, Role role) {
        return startLanes(instance, data, role, platform.registryUrl());
    }

    private Lanes startLanes(String instance, Path data, Role role, String registryUrl) {
        ImagePreparer preparer = Fixtures.preparer(BUNDLE);
        OnnxRuntime runtime = Fixtures.runtime(BUNDLE);
        ImageLimit limit = ImageLimit.DEFAULT;
        Inspector inspector = new Inspector(preparer, BUNDLE.description(), limit.imageBytes(), limit.maxRecordBytes());
        // One cell a call, as on any processor: only then is a repeat equal to the last digit (docs/adr/0010).
        Workbench workbench = new WorkerPerCore(inspector, () -> runtime.classifier(1), 2, 1);
        LaneSettings settings = new LaneSettings(
                platform.bootstrapServers(),
                registryUrl,
                instance,
                limit,
                64,
                8 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                LaneSettings.LONGEST_WORK,
                role,
                BUNDLE.description().bundleSha256());
        Lanes lanes = Lanes.start(settings, BUNDLE.description(), workbench, data, OptionalInt.empty(), new Silent());
        running.add(lanes);
        running.add(workbench);
        return lanes;
    }

    private static ImageEvidence at(List<ConsumerRecord<String, ImageEvidence>> log, ImageClassified outcome) {
        return log.stream()
                .filter(found -> found.topic().equals(outcome.getEvidence().getTopic())
                        && found.partition() == outcome.getEvidence().getPartition()
                        && found.offset() == outcome.getEvidence().getOffset())
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static Path folder() throws IOException {
        return Files.createTempDirectory(folder, "data");
    }

    private static final class Silent implements LaneObserver {
        @Override
        public void published(Priority lane, List<Outcome> outcomes, long nanos) {
            // the topics tell
        }

        @Override
        public void lag(Priority lane, long images) {
            // the topics tell
        }

        @Override
        public void brokeOff(Priority lane) {
            // the topics tell
        }
    }

    /** Different images, real cells where they are at hand. */
    private List<SmearImage> images(int count) {
        List<byte[]> files = files(count);
        List<SmearImage> images = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            byte[] file = files.get(k % files.size());
            // Decoders ignore what follows the image, so that few files give many different images.
            byte[] different = Arrays.copyOf(file, file.length + 1 + k / files.size());
            images.add(Wire.image(specimen, "CELL", different).build());
        }
        return images;
    }

    private static List<byte[]> files(int count) {
        return Fixtures.realImages()
                .map(data -> {
                    try (var listed = Files.list(data.resolve("cnmc2019/all"))) {
                        return listed.sorted()
                                .limit(count)
                                .map(LanesWireTest::read)
                                .toList();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orElseGet(() -> List.of(Fixtures.golden("large-450.png"), Fixtures.golden("small-450.png")));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> ids(List<SmearImage> images) {
        return images.stream().map(SmearImage::getImageId).collect(Collectors.toCollection(HashSet::new));
    }

    private static List<ImageRejected> rejections() {
        return wire.all(Topic.IMAGE_REJECTIONS, ImageRejected.class).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    private static List<ImageClassified> allClassified() {
        return wire.all(Topic.CELL_CLASSIFICATIONS, ImageClassified.class).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    private static Map<String, ImageClassified> classified() {
        return allClassified().stream()
                .collect(Collectors.toMap(ImageClassified::getImageId, Function.identity(), (a, b) -> a));
    }
}
