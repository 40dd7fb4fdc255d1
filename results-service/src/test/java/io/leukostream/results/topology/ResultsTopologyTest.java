package io.leukostream.results.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.events.AlertEvent;
import io.leukostream.events.PatientAudit;
import io.leukostream.events.PatientVerdict;
import io.leukostream.results.Ward;
import io.leukostream.results.Ward.Sent;
import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.CellKey;
import io.leukostream.results.domain.ImageAccount;
import io.leukostream.results.domain.ReviewFrame;
import io.leukostream.results.domain.ScannerDay;
import io.leukostream.results.domain.ScannerFigures;
import io.leukostream.results.domain.SignedLink;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTopologyTest {
    private static final SiteKey SITE_KEY = SiteKey.generate();
    private static final TopologySettings SETTINGS = new TopologySettings(
            VerdictPolicy.DEFAULT, new AlertLoop(Duration.ofMinutes(30)), Duration.ofSeconds(1), SITE_KEY);
    private static final Ward ANNA = new Ward("P-AAAA1111", "S-AAAA1111", "BONE_MARROW");
    private static final Ward BERT = new Ward("P-BBBB2222", "S-ZZZZ2222", "BONE_MARROW");

    @TempDir
    Path folder;

    private Driver driver;

    @BeforeEach
    void start() {
        driver = new Driver(folder.resolve("first"));
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void countsEachImageOnceAndRaisesOneAlert() {
        // Given
        driver.send(ANNA.registration());
        driver.send(ANNA.receipt(200));
        driver.send(ANNA.rejected(201, "IMAGE_TRUNCATED"));

        // When
        for (int delivery = 0; delivery < 2; delivery++) {
            ANNA.images(120, 110).forEach(driver::send);
        }

        // Then
        PatientVerdict verdict = driver.lastVerdict("P-AAAA1111");
        assertEquals("BLASTS_SUSPECTED", verdict.getState());
        assertEquals("test/1.0.0", verdict.getModelVersion());
        var specimen = verdict.getSpecimens().getFirst();
        assertEquals(122, specimen.getImages().getReceived());
        assertEquals(120, specimen.getImages().getClassified());
        assertEquals(1, specimen.getImages().getRejected());
        assertEquals(1, specimen.getImages().getPending());
        assertEquals(120, specimen.getCells().getCounted());
        assertEquals(110, specimen.getCells().getCalledBlast());
        List<AlertEvent> alerts = driver.alerts();
        assertEquals(
                List.of("RAISED"), alerts.stream().map(AlertEvent::getState).toList());
        assertEquals("P-AAAA1111.1", alerts.getFirst().getAlertId());
    }

    @Test
    void theSameEvidenceUnderOtherCodesInAnotherOrderHasTheSameHashAndNumbers() {
        for (long seed = 0; seed < 5; seed++) {
            try (Driver there = new Driver(folder.resolve("seed" + seed))) {
                // Given
                Random random = new Random(seed);
                List<Sent> sent = new ArrayList<>(BERT.images(80, 30));
                sent.add(BERT.rejected(300, "IMAGE_TRUNCATED"));
                sent.add(BERT.registration());
                sent.addAll(BERT.images(20, 20));
                Collections.shuffle(sent, random);

                // When
                try (Driver here = new Driver(folder.resolve("here" + seed))) {
                    here.send(ANNA.registration());
                    ANNA.images(80, 30).forEach(here::send);
                    here.send(ANNA.rejected(300, "IMAGE_TRUNCATED"));
                    sent.forEach(there::send);

                    // Then
                    PatientVerdict anna = here.lastVerdict(ANNA.patientId());
                    PatientVerdict bert = there.lastVerdict(BERT.patientId());
                    String message = "seed " + seed;
                    assertEquals(anna.getEvidenceHash(), bert.getEvidenceHash(), message);
                    assertEquals(anna.getState(), bert.getState(), message);
                    assertEquals(
                            anna.getSpecimens().getFirst().getBlastFraction(),
                            bert.getSpecimens().getFirst().getBlastFraction(),
                            message);
                    assertEquals(
                            anna.getSpecimens().getFirst().getImages(),
                            bert.getSpecimens().getFirst().getImages(),
                            message);
                }
            }
        }
    }

    @Test
    void outcomesOfAnUnknownSpecimenWaitAndCountOnceItIsRegistered() {
        // Given
        ANNA.images(60, 50).forEach(driver::send);
        assertTrue(driver.verdicts().isEmpty());

        // When
        driver.send(ANNA.registration());

        // Then
        PatientVerdict verdict = driver.lastVerdict(ANNA.patientId());
        assertEquals(60, verdict.getSpecimens().getFirst().getCells().getCounted());
    }

    @Test
    void aReviewDecidesEitherWayAndSupersedesTheAlert() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(120, 110).forEach(driver::send);
        String modelHash = driver.lastVerdict(ANNA.patientId()).getEvidenceHash();
        ReviewFrame frame = frame(ANNA, 120);
        driver.send(ANNA.frame("open", 120, frame.id()));

        // When
        label(frame, 40, "NOT_BLAST");

        // Then
        PatientVerdict verdict = driver.lastVerdict(ANNA.patientId());
        assertEquals("BLASTS_BELOW_THRESHOLD", verdict.getState());
        assertEquals(
                "REVIEW", verdict.getSpecimens().getFirst().getBlastFraction().getBasis());
        assertEquals(40, verdict.getSpecimens().getFirst().getCells().getReviewed());
        assertNotEquals(modelHash, verdict.getEvidenceHash());
        assertEquals(
                List.of("RAISED", "SUPERSEDED"),
                driver.alerts().stream().map(AlertEvent::getState).toList());

        // When the reviewer corrects every label
        label(frame, 40, "BLAST");

        // Then it rises again, under the next number
        assertEquals("BLASTS_SUSPECTED", driver.lastVerdict(ANNA.patientId()).getState());
        assertEquals("P-AAAA1111.2", driver.alerts().getLast().getAlertId());
    }

    @Test
    void aReviewThatComesBeforeItsImagesWaitsForThem() {
        // Given
        ReviewFrame frame = frame(ANNA, 60);
        driver.send(ANNA.frame("open", 60, frame.id()));
        label(frame, 30, "NOT_BLAST");
        driver.send(ANNA.registration());

        // When
        ANNA.images(60, 50).forEach(driver::send);

        // Then
        assertEquals(
                "BLASTS_BELOW_THRESHOLD", driver.lastVerdict(ANNA.patientId()).getState());
    }

    @Test
    void aSpecimenOfWhichMostCellsAreOutOfFocusIsWithheldAndAReviewOverrides() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(49, 45).forEach(driver::send);
        for (int number = 49; number < 99; number++) {
            driver.send(ANNA.classified(number, 1, null, Ward.NOON, null, "OUT_OF_FOCUS"));
        }
        PatientVerdict withheld = driver.lastVerdict(ANNA.patientId());
        assertEquals("WITHHELD", withheld.getState());
        assertTrue(withheld.getSpecimens().getFirst().getReasons().getFirst().contains("out of focus 50"));
        ReviewFrame frame = frame(ANNA, 99);
        driver.send(ANNA.frame("open", 99, frame.id()));

        // When
        label(frame, 40, "BLAST");

        // Then
        PatientVerdict verdict = driver.lastVerdict(ANNA.patientId());
        assertEquals("BLASTS_SUSPECTED", verdict.getState());
        assertEquals(
                "REVIEW", verdict.getSpecimens().getFirst().getBlastFraction().getBasis());
        assertTrue(verdict.getSpecimens().getFirst().getReasons().stream()
                .anyMatch(reason -> reason.startsWith("The model's calls would be withheld")));
    }

    @Test
    void aScannersDayCountsEachImageOnceByTheOutcomeThatCounts() {
        // Given
        LocalDate day = LocalDate.of(2026, 11, 23);
        driver.send(ANNA.classified(1, 1, "s1", Ward.NOON, "BLAST", null));
        driver.send(ANNA.classified(2, 1, "s1", Ward.NOON, "LYMPHOCYTE", null));
        driver.send(ANNA.classified(3, 1, "s1", Ward.NOON, null, "SMUDGE"));
        driver.send(BERT.classified(3, 1, "s1", Ward.NOON, null, null));
        driver.send(ANNA.classified(4, 1, null, Ward.NOON, null, null));

        // When: an image again, one requeued under another type, one moved to another scanner and day
        driver.send(ANNA.classified(1, 1, "s1", Ward.NOON, "BLAST", null));
        driver.send(ANNA.classified(2, 2, "s1", Ward.NOON, "MONOCYTE", null));
        driver.send(ANNA.classified(4, 2, "s2", Ward.NOON.plus(Duration.ofHours(12)), null, null));

        // Then
        Map<String, ScannerDay> days = driver.scannerDays();
        assertEquals(
                Set.of("2026-11-23|S-AAAA1111|=s1", "2026-11-23|S-ZZZZ2222|=s1", "2026-11-24|S-AAAA1111|=s2"),
                days.keySet());
        ScannerDay own = days.get("2026-11-23|S-AAAA1111|=s1");
        assertNotNull(own);
        assertEquals(day, own.day());
        ScannerFigures figures = own.figures();
        assertEquals(3, figures.images());
        assertEquals(2, figures.counted());
        assertEquals(Map.of("SMUDGE", 1), figures.gated());
        assertEquals(Map.of("BLAST", 1, "MONOCYTE", 1), figures.types());
        assertEquals(3 * 200_000, figures.focusThousandths());
        assertEquals(3 * 90_000, figures.brightnessThousandths());
        assertEquals(2 * 9_000, figures.probabilityTenThousandths());
    }

    @Test
    void theAccountOfAScannersDayFollowsAnImageFromItsReceiptToTheOutcomeThatCounts() {
        // Given: received without an alias; an outcome that says one is of the same image
        driver.send(ANNA.receipt(1));
        driver.send(ANNA.receipt(2));
        driver.send(ANNA.receipt(3));
        driver.send(ANNA.rejected(2, "IMAGE_TRUNCATED"));
        driver.send(ANNA.rejected(2, "IMAGE_TRUNCATED"));
        driver.send(ANNA.rejected(3, "PIXEL_SIZE_UNKNOWN"));
        driver.send(ANNA.classified(4, 1, "s1", Ward.NOON, null, null));

        // When: one is requeued and read, one is received after its outcome
        driver.send(ANNA.classified(3, 2, "s1", Ward.NOON, null, null));
        driver.send(ANNA.receipt(4));

        // Then
        LocalDate day = LocalDate.of(2026, 11, 23);
        assertEquals(
                Map.of(
                        "2026-11-23|S-AAAA1111|",
                        new ImageAccount(null, day, "S-AAAA1111", 4, 2, new TreeMap<>(Map.of("IMAGE_TRUNCATED", 1)))),
                driver.accounts());
    }

    @Test
    void scannersDaysAndDifferentialsAreTheSameInAnyOrder() {
        // Given
        List<Sent> sent = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            for (int copy = 0; copy < 3; copy++) {
                sent.add(ANNA.classified(
                        number,
                        1 + (number + copy) % 2,
                        "s" + (number + copy) % 3,
                        Ward.NOON.plus(Duration.ofDays((number * 7 + copy) % 4)),
                        copy == 0 ? null : "TYPE_" + (number + copy) % 5,
                        number % 6 == 0 ? "STAIN" : null));
            }
        }
        driver.send(ANNA.registration());
        sent.forEach(driver::send);

        for (long seed = 0; seed < 5; seed++) {
            List<Sent> shuffled = new ArrayList<>(sent);
            shuffled.addAll(sent.subList(0, 20));
            Collections.shuffle(shuffled, new Random(seed));
            try (Driver other = new Driver(folder.resolve("drift" + seed))) {
                // When
                other.send(ANNA.registration());
                shuffled.forEach(other::send);

                // Then
                assertEquals(driver.scannerDays(), other.scannerDays(), "seed " + seed);
                assertEquals(
                        driver.assessment(ANNA).types(), other.assessment(ANNA).types(), "seed " + seed);
                assertEquals(
                        driver.lastVerdict(ANNA.patientId()).getEvidenceHash(),
                        other.lastVerdict(ANNA.patientId()).getEvidenceHash(),
                        "seed " + seed);
            }
        }
        assertEquals(
                20,
                driver.scannerDays().values().stream()
                        .mapToInt(each -> each.figures().images())
                        .sum());
    }

    private ReviewFrame frame(Ward ward, int cells) {
        List<CellKey> keys = new ArrayList<>();
        for (int number = 0; number < cells; number++) {
            keys.add(key(ward, number));
        }
        return new ReviewFrame(keys);
    }

    private static CellKey key(Ward ward, int number) {
        var image = (io.leukostream.events.ImageClassified)
                ward.classified(number, true).value();
        return DomainValues.cell(ward.cellId(number), id -> image.getContentSha256());
    }

    private int labels;

    private void label(ReviewFrame frame, int count, String label) {
        List<CellKey> order = frame.drawOrder();
        for (int place = 0; place < count; place++) {
            for (int number = 0; number < frame.size(); number++) {
                if (key(ANNA, number).equals(order.get(place))) {
                    // The ids rise, so that a later label is the newer one at the same second.
                    String eventId = String.format("event-%06d", labels++);
                    driver.send(ANNA.label(eventId, frame.id(), ANNA.cellId(number), label));
                }
            }
        }
    }

    @Test
    void anAlertIsAcknowledgedOnceAndOneThatIsNotEscalatesOnce() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(120, 110).forEach(driver::send);
        driver.send(BERT.registration());
        BERT.images(120, 110).forEach(driver::send);

        // When
        driver.send(ANNA.acknowledgement(1, "Dr Ada"));
        driver.send(ANNA.acknowledgement(1, "Dr Bela"));
        driver.advance(Duration.ofMinutes(31));
        driver.advance(Duration.ofMinutes(31));

        // Then
        List<AlertEvent> alerts = driver.alerts();
        assertEquals(
                List.of(
                        "P-AAAA1111.1 RAISED",
                        "P-BBBB2222.1 RAISED",
                        "P-AAAA1111.1 ACKNOWLEDGED",
                        "P-BBBB2222.1 ESCALATED"),
                alerts.stream()
                        .map(each -> each.getAlertId() + " " + each.getState())
                        .toList());
        assertEquals("Dr Ada", alerts.get(2).getAcknowledgedBy());
    }

    @Test
    void theAuditIsAChain() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(120, 110).forEach(driver::send);

        // When
        driver.send(ANNA.acknowledgement(1, "Dr Ada"));

        // Then
        List<PatientAudit> audit = driver.audit();
        assertTrue(audit.stream()
                .anyMatch(link -> link.getEvent().equals("ALERT_ACKNOWLEDGED")
                        && link.getActor().equals("Dr Ada")));
        String previous = AuditLink.NONE_BEFORE;
        long number = 0;
        for (PatientAudit link : audit) {
            AuditLink recomputed = new AuditLink(
                    link.getPatientId(),
                    link.getNumber(),
                    link.getEvent(),
                    link.getActor(),
                    link.getDetail(),
                    link.getAt(),
                    link.getPreviousHash());
            assertEquals(++number, link.getNumber());
            assertEquals(previous, link.getPreviousHash());
            assertEquals(recomputed.hash(), link.getHash());
            assertTrue(SITE_KEY.verifies(new SignedLink(recomputed, link.getSignature(), link.getKeyId())));
            previous = link.getHash();
        }
        assertEquals(
                audit.stream().map(PatientAudit::getSignature).toList(),
                driver.links().stream().map(SignedLink::signature).toList(),
                "the store holds the same links in the same order");
    }

    @Test
    void theSameHistoryIsSignedTheSameToTheByte() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(120, 110).forEach(driver::send);

        // When
        List<PatientAudit> again;
        try (Driver other = new Driver(folder.resolve("again"))) {
            other.send(ANNA.registration());
            ANNA.images(120, 110).forEach(other::send);
            again = other.audit();
        }

        // Then
        assertEquals(driver.audit(), again);
    }

    @Test
    void aSpecimenThatIsAssignedToAnotherPatientMovesThere() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(120, 110).forEach(driver::send);
        var moved = io.leukostream.events.SpecimenRegistered.newBuilder((io.leukostream.events.SpecimenRegistered)
                        ANNA.registration().value())
                .setPatientId("P-CCCC3333")
                .setVersion(2)
                .build();

        // When
        driver.send(new Sent(Topic.SPECIMENS, ANNA.specimenId(), moved));

        // Then
        assertEquals("BLASTS_SUSPECTED", driver.lastVerdict("P-CCCC3333").getState());
        assertTrue(driver.lastVerdict(ANNA.patientId()).getSpecimens().isEmpty());
        assertEquals(
                List.of("P-AAAA1111.1 RAISED", "P-AAAA1111.1 SUPERSEDED", "P-CCCC3333.1 RAISED"),
                driver.alerts().stream()
                        .map(each -> each.getAlertId() + " " + each.getState())
                        .sorted()
                        .toList());
    }

    @Test
    void aMergedPatientsVerdictIsThatOfTheSameSpecimensUnderOneCodeInWhateverOrderTheyCome() {
        // Given
        Ward moved = new Ward(BERT.patientId(), ANNA.specimenId(), "BONE_MARROW");
        PatientVerdict expected;
        try (Driver fromTheStart = new Driver(folder.resolve("from the start"))) {
            fromTheStart.send(moved.registration());
            moved.images(120, 110).forEach(fromTheStart::send);
            fromTheStart.send(BERT.registration());
            BERT.images(100, 10).forEach(fromTheStart::send);
            expected = fromTheStart.lastVerdict(BERT.patientId());
        }
        for (long seed = 0; seed < 5; seed++) {
            List<Sent> sent = new ArrayList<>(ANNA.images(120, 110));
            sent.addAll(BERT.images(100, 10));
            sent.addAll(List.of(
                    ANNA.registration(),
                    BERT.registration(),
                    ANNA.assigned(BERT.patientId(), 2, "Dr Ada", ANNA.patientId())));
            Collections.shuffle(sent, new Random(seed));
            try (Driver merged = new Driver(folder.resolve("merged" + seed))) {
                // When
                sent.forEach(merged::send);

                // Then
                String message = "seed " + seed;
                PatientVerdict verdict = merged.lastVerdict(BERT.patientId());
                assertEquals(expected.getEvidenceHash(), verdict.getEvidenceHash(), message);
                assertEquals(expected.getState(), verdict.getState(), message);
                assertEquals(expected.getSpecimens(), verdict.getSpecimens(), message);
                PatientVerdict old = merged.lastVerdict(ANNA.patientId());
                assertEquals(List.of(), old.getSpecimens(), message);
                assertEquals(BERT.patientId(), old.getMergedInto(), message);
                Map<String, String> alerts = merged.lastAlertStates();
                assertEquals("RAISED", alerts.get(BERT.patientId() + ".1"), message + ": " + alerts);
                assertTrue(
                        alerts.entrySet().stream()
                                .filter(each -> each.getKey().startsWith(ANNA.patientId()))
                                .allMatch(each -> each.getValue().equals("SUPERSEDED")),
                        message + ": " + alerts);
            }
        }
    }

    @Test
    void anOpenSuspicionGoesAlongWithItsSpecimenWhereTheVerdictHasSlidSince() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(120, 110).forEach(driver::send);
        for (int number = 120; number < 450; number++) {
            driver.send(ANNA.classified(number, false));
        }
        assertEquals("INDETERMINATE", driver.lastVerdict(ANNA.patientId()).getState());
        assertEquals(Map.of("P-AAAA1111.1", "RAISED"), driver.lastAlertStates());
        driver.send(BERT.registration());

        // When
        driver.send(ANNA.assigned(BERT.patientId(), 2, "Dr Ada", ANNA.patientId()));

        // Then
        assertEquals("INDETERMINATE", driver.lastVerdict(BERT.patientId()).getState());
        assertEquals(Map.of("P-AAAA1111.1", "SUPERSEDED", "P-BBBB2222.1", "RAISED"), driver.lastAlertStates());
        assertTrue(driver.alerts().stream()
                .anyMatch(step -> step.getState().equals("SUPERSEDED")
                        && step.getReason().contains("P-BBBB2222, where the suspicion goes on")));
    }

    @Test
    void anAlertThatWasAcknowledgedDoesNotSwallowASuspicionThatComesByAMergeNorWhenItIsTakenBack() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(120, 110).forEach(driver::send);
        driver.send(BERT.registration());
        BERT.images(120, 110).forEach(driver::send);
        driver.send(BERT.acknowledgement(1, "Dr Bela"));

        // When
        driver.send(ANNA.assigned(BERT.patientId(), 2, "Dr Ada", ANNA.patientId()));
        Map<String, String> merged = driver.lastAlertStates();
        driver.send(BERT.acknowledgement(2, "Dr Bela"));
        driver.send(ANNA.assigned(ANNA.patientId(), 3, "Dr Ada", BERT.patientId()));
        Map<String, String> takenBack = driver.lastAlertStates();
        driver.send(ANNA.assigned(BERT.patientId(), 4, "Dr Ada", ANNA.patientId()));

        // Then
        assertEquals(
                Map.of("P-AAAA1111.1", "SUPERSEDED", "P-BBBB2222.1", "SUPERSEDED", "P-BBBB2222.2", "RAISED"), merged);
        assertEquals(
                Map.of(
                        "P-AAAA1111.1", "SUPERSEDED",
                        "P-AAAA1111.2", "RAISED",
                        "P-BBBB2222.1", "SUPERSEDED",
                        "P-BBBB2222.2", "ACKNOWLEDGED"),
                takenBack);
        assertEquals("RAISED", driver.lastAlertStates().get("P-BBBB2222.3"), "the second merge calls again");
        assertEquals("SUPERSEDED", driver.lastAlertStates().get("P-AAAA1111.2"));
    }

    @Test
    void bothAuditsSayWhoMovedASpecimenAndStayChains() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(120, 110).forEach(driver::send);

        // When
        driver.send(ANNA.assigned(BERT.patientId(), 2, "Dr Ada", ANNA.patientId()));

        // Then
        for (String patientId : List.of(ANNA.patientId(), BERT.patientId())) {
            List<PatientAudit> chain = driver.audit().stream()
                    .filter(link -> link.getPatientId().equals(patientId))
                    .toList();
            String event = patientId.equals(ANNA.patientId()) ? "SPECIMEN_REASSIGNED" : "SPECIMEN_ASSIGNED";
            assertEquals(
                    List.of("Dr Ada"),
                    chain.stream()
                            .filter(link -> link.getEvent().equals(event))
                            .map(PatientAudit::getActor)
                            .toList());
            String previous = AuditLink.NONE_BEFORE;
            for (PatientAudit link : chain) {
                assertEquals(previous, link.getPreviousHash());
                previous = link.getHash();
            }
        }
    }

    @Test
    void aLogThatWasCompactedStillSaysWhereTheOldCodeWent() {
        // Given: of the specimen only its newest version is left

        // When
        driver.send(ANNA.assigned(BERT.patientId(), 3, "Dr Ada", ANNA.patientId(), "P-CCCC3333"));
        ANNA.images(120, 110).forEach(driver::send);

        // Then
        assertEquals(BERT.patientId(), driver.lastVerdict(ANNA.patientId()).getMergedInto());
        assertEquals(BERT.patientId(), driver.lastVerdict("P-CCCC3333").getMergedInto());
        assertEquals("BLASTS_SUSPECTED", driver.lastVerdict(BERT.patientId()).getState());
    }

    @Test
    void anUnchangedVerdictIsNotToldAgain() {
        // Given
        driver.send(ANNA.registration());
        ANNA.images(10, 5).forEach(driver::send);
        int told = driver.verdicts().size();

        // When
        ANNA.images(10, 5).forEach(driver::send);
        driver.send(ANNA.registration());

        // Then
        assertEquals(told, driver.verdicts().size());
    }

    @Test
    void recordsWithImpossibleValuesAreSkipped() {
        // Given
        driver.send(ANNA.registration());
        Sent foreign = new Sent(
                Topic.CELL_CLASSIFICATIONS,
                ANNA.specimenId(),
                BERT.classified(1, true).value());
        var value =
                (io.leukostream.events.ImageClassified) ANNA.classified(2, true).value();
        value.getCells().getFirst().put("blastProbability", 7.0);

        // When
        driver.send(foreign);
        driver.send(new Sent(Topic.CELL_CLASSIFICATIONS, ANNA.specimenId(), value));
        driver.send(ANNA.classified(3, true));

        // Then
        assertEquals(
                1,
                driver.lastVerdict(ANNA.patientId())
                        .getSpecimens()
                        .getFirst()
                        .getCells()
                        .getCounted());
    }

    /** The topology with plain Avro and what came out of it so far. */
    private static final class Driver implements AutoCloseable {
        private final EventSerdes serdes = new PlainSerdes();
        private final TopologyTestDriver streams;
        private final List<PatientVerdict> verdicts = new ArrayList<>();
        private final List<AlertEvent> alerts = new ArrayList<>();
        private final List<PatientAudit> audit = new ArrayList<>();

        Driver(Path folder) {
            Properties properties = new Properties();
            properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "results");
            properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
            properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
            properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
            streams = new TopologyTestDriver(
                    ResultsTopology.build(SETTINGS, serdes, Stores::inMemoryKeyValueStore), properties, Ward.NOON);
        }

        void send(Sent record) {
            Serde<SpecificRecord> serde = serdes.of(record.topic());
            TestInputTopic<String, SpecificRecord> topic = streams.createInputTopic(
                    record.topic().topicName(), new StringSerializer(), serde.serializer(), Ward.NOON, Duration.ZERO);
            topic.pipeInput(record.key(), record.value());
            read();
        }

        void advance(Duration time) {
            streams.advanceWallClockTime(time);
            read();
        }

        private void read() {
            verdicts.addAll(this.<PatientVerdict>drain(Topic.PATIENT_VERDICTS));
            alerts.addAll(this.<AlertEvent>drain(Topic.HEMATOLOGY_ALERTS));
            audit.addAll(this.<PatientAudit>drain(Topic.PATIENT_AUDIT));
        }

        private <T extends SpecificRecord> List<T> drain(Topic topic) {
            TestOutputTopic<String, T> output = streams.createOutputTopic(
                    topic.topicName(),
                    new StringDeserializer(),
                    serdes.<T>of(topic).deserializer());
            return output.readValuesToList();
        }

        Map<String, ScannerDay> scannerDays() {
            Map<String, ScannerDay> days = new TreeMap<>();
            try (var all =
                    streams.<String, ScannerDay>getKeyValueStore("scanner-days").all()) {
                all.forEachRemaining(entry -> days.put(entry.key, entry.value));
            }
            return days;
        }

        Map<String, ImageAccount> accounts() {
            Map<String, ImageAccount> accounts = new TreeMap<>();
            try (var all = streams.<String, ImageAccount>getKeyValueStore("image-accounts")
                    .all()) {
                all.forEachRemaining(entry -> accounts.put(entry.key, entry.value));
            }
            return accounts;
        }

        List<SignedLink> links() {
            List<SignedLink> links = new ArrayList<>();
            try (var all = streams.<String, SignedLink>getKeyValueStore("audit").all()) {
                all.forEachRemaining(entry -> links.add(entry.value));
            }
            return links;
        }

        SpecimenAssessment assessment(Ward ward) {
            return streams.<String, SpecimenAssessment>getKeyValueStore("assessments")
                    .get(ward.specimenId());
        }

        List<PatientVerdict> verdicts() {
            return verdicts;
        }

        List<AlertEvent> alerts() {
            return alerts;
        }

        Map<String, String> lastAlertStates() {
            Map<String, String> states = new TreeMap<>();
            alerts.forEach(step -> states.put(step.getAlertId(), step.getState()));
            return states;
        }

        List<PatientAudit> audit() {
            return audit;
        }

        PatientVerdict lastVerdict(String patientId) {
            return verdicts.stream()
                    .filter(verdict -> verdict.getPatientId().equals(patientId))
                    .reduce((first, second) -> second)
                    .orElseThrow();
        }

        @Override
        public void close() {
            streams.close();
        }
    }

    /** Avro binary without a registry. */
    static final class PlainSerdes implements EventSerdes {
        @Override
        public <T extends SpecificRecord> Serde<T> of(Topic topic) {
            SpecificDatumReader<T> reader = new SpecificDatumReader<>(topic.valueSchema());
            return Serdes.serdeFrom(
                    (name, record) -> {
                        if (record == null) {
                            return null;
                        }
                        try {
                            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                            var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
                            new SpecificDatumWriter<T>(record.getSchema()).write(record, encoder);
                            encoder.flush();
                            return bytes.toByteArray();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    (name, bytes) -> {
                        if (bytes == null) {
                            return null;
                        }
                        try {
                            return reader.read(null, DecoderFactory.get().binaryDecoder(bytes, null));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }
}
