package io.leukostream.results.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.events.PatientAudit;
import io.leukostream.events.PatientVerdict;
import io.leukostream.results.Ward;
import io.leukostream.results.Ward.Sent;
import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.SpecimenTally;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was stored by another policy, or by other rules, is assessed anew after the start, however quiet it is. */
class ReassessmentTest {
    private static final Ward ANNA = new Ward("P-AAAA1111", "S-AAAA1111", "BONE_MARROW");
    private static final VerdictPolicy STRICTER = new VerdictPolicy(0.9, 0.2, 50, 0.95, 0.5, 0.5);

    @TempDir
    Path folder;

    @Test
    void aChangedThresholdReachesAThousandQuietPatientsWithinAMinuteAndTheAuditTellsIt() {
        // Given
        List<Ward> wards = IntStream.range(0, 1_000)
                .mapToObj(number -> String.format(Locale.ROOT, "%04d", number))
                .map(number -> new Ward("P-Q" + number, "S-Q" + number, "BONE_MARROW"))
                .toList();
        try (Run before = new Run(folder.resolve("before"), VerdictPolicy.DEFAULT);
                Run after = new Run(folder.resolve("after"), STRICTER)) {
            for (Ward ward : wards) {
                before.send(ward.registration());
                ward.images(2, 1).forEach(before::send);
            }
            before.send(ANNA.registration());
            ANNA.images(120, 110).forEach(before::send);
            Map<String, PatientVerdict> old = before.lastVerdicts();
            assertEquals("BLASTS_SUSPECTED", old.get(ANNA.patientId()).getState());
            after.takeOver(before);
            assertTrue(after.left() > 0);

            // When
            after.advance(Duration.ofMinutes(1));

            // Then
            assertEquals(0, after.left());
            Map<String, PatientVerdict> now = after.lastVerdicts();
            assertEquals(old.keySet(), now.keySet());
            now.forEach((patientId, verdict) -> {
                assertEquals(0.9, verdict.getSpecimens().getFirst().getThreshold(), patientId);
                assertNotEquals(old.get(patientId).getEvidenceHash(), verdict.getEvidenceHash(), patientId);
            });
            assertEquals("INDETERMINATE", now.get(ANNA.patientId()).getState());
            List<PatientAudit> audit = after.audit();
            assertEquals(
                    1_001,
                    audit.stream()
                            .filter(link -> link.getEvent().equals("POLICY_CHANGED"))
                            .count());
            PatientAudit link = audit.stream()
                    .filter(each -> each.getPatientId().equals(ANNA.patientId()))
                    .findFirst()
                    .orElseThrow();
            assertTrue(link.getDetail().contains("threshold 0.25")
                    && link.getDetail().contains("threshold 0.9"));
            assertTrue(audit.stream()
                    .anyMatch(each -> each.getPatientId().equals(ANNA.patientId())
                            && each.getEvent().equals("VERDICT_CHANGED")));
        }
    }

    @Test
    void theSamePolicyAfterAStartSaysNothingAgain() {
        // Given
        try (Run before = new Run(folder.resolve("before"), VerdictPolicy.DEFAULT);
                Run after = new Run(folder.resolve("after"), VerdictPolicy.DEFAULT)) {
            before.send(ANNA.registration());
            ANNA.images(120, 110).forEach(before::send);
            after.takeOver(before);

            // When
            after.advance(Duration.ofMinutes(1));

            // Then
            assertEquals(Map.of(), after.lastVerdicts());
            assertEquals(List.of(), after.audit());
        }
    }

    @Test
    void whatAVersionStoredThatKeptNoPolicyIsOfTheSameTimeAfterTheStart() {
        // Given
        try (Run before = new Run(folder.resolve("before"), VerdictPolicy.DEFAULT);
                Run after = new Run(folder.resolve("after"), VerdictPolicy.DEFAULT)) {
            before.send(ANNA.registration());
            ANNA.images(120, 110).forEach(before::send);
            PatientVerdict old = before.lastVerdicts().get(ANNA.patientId());
            after.takeOver(before);
            after.forgetPolicy(ANNA);

            // When
            after.advance(Duration.ofMinutes(1));

            // Then
            assertEquals(old, after.lastVerdicts().get(ANNA.patientId()));
            assertEquals(List.of(), after.audit());
        }
    }

    @Test
    void sumsOfOtherRulesAreSummedUpAgainFromTheImagesWhetherAnImageComesFirstOrNot() {
        for (boolean anImageComesFirst : List.of(false, true)) {
            try (Run before = new Run(folder.resolve("before " + anImageComesFirst), VerdictPolicy.DEFAULT);
                    Run after = new Run(folder.resolve("after " + anImageComesFirst), VerdictPolicy.DEFAULT);
                    Run anew = new Run(folder.resolve("anew " + anImageComesFirst), VerdictPolicy.DEFAULT)) {
                // Given: as a version stored them that did not sum this, or summed it otherwise
                List<Sent> sent = new ArrayList<>(List.of(ANNA.registration()));
                sent.addAll(ANNA.images(120, 110));
                sent.forEach(before::send);
                after.takeOver(before);
                SpecimenSums stored = before.sums(ANNA);
                after.store(
                        ANNA,
                        new SpecimenSums(stored.registration(), stored.formerPatients(), SpecimenTally.EMPTY, 0, 0));

                // When
                Sent next = ANNA.classified(7, 2, "one", Ward.NOON, null, "EXPOSURE");
                if (anImageComesFirst) {
                    after.send(next);
                }
                after.advance(Duration.ofSeconds(1));
                after.send(next);

                // Then
                sent.add(next);
                sent.forEach(anew::send);
                assertEquals(anew.sums(ANNA), after.sums(ANNA));
                assertEquals(
                        anew.lastVerdicts().get(ANNA.patientId()).getSpecimens(),
                        after.lastVerdicts().get(ANNA.patientId()).getSpecimens());
            }
        }
    }

    /** The topology of one start of the service. */
    private static final class Run implements AutoCloseable {
        private final EventSerdes events = new ResultsTopologyTest.PlainSerdes();
        private final TopologyTestDriver streams;
        private long left;

        Run(Path folder, VerdictPolicy policy) {
            Properties properties = new Properties();
            properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "results");
            properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
            properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
            TopologyObserver observer = new TopologyObserver() {
                @Override
                public void rejected(String topic, String reason) {
                    throw new AssertionError("rejected a record of " + topic + ": " + reason);
                }

                @Override
                public void toReassess(int partition, long specimens) {
                    left = specimens;
                }

                @Override
                public long toReassess() {
                    return left;
                }
            };
            TopologySettings settings = new TopologySettings(
                    policy, new AlertLoop(Duration.ofDays(30)), Duration.ofSeconds(30), SiteKey.generate(), observer);
            streams = new TopologyTestDriver(
                    ResultsTopology.build(
                            settings, events, org.apache.kafka.streams.state.Stores::inMemoryKeyValueStore),
                    properties,
                    Ward.NOON);
        }

        void send(Sent record) {
            streams.createInputTopic(
                            record.topic().topicName(),
                            new StringSerializer(),
                            events.<SpecificRecord>of(record.topic()).serializer(),
                            Ward.NOON,
                            Duration.ZERO)
                    .pipeInput(record.key(), record.value());
        }

        /** Takes over what another start stored. */
        void takeOver(Run before) {
            for (String store : List.of(
                    Stores.IMAGES,
                    Stores.PENDING,
                    Stores.REVIEWS,
                    Stores.ASSESSMENTS,
                    Stores.SCANNER_DAYS,
                    Stores.ACCOUNTS,
                    Stores.PATIENTS,
                    Stores.ALERTS,
                    Stores.AUDIT)) {
                try (var all =
                        before.streams.<String, Object>getKeyValueStore(store).all()) {
                    all.forEachRemaining(entry ->
                            streams.<String, Object>getKeyValueStore(store).put(entry.key, entry.value));
                }
            }
            try (var all = before.streams
                    .<String, SpecimenSums>getTimestampedKeyValueStore(Stores.TALLIES)
                    .all()) {
                all.forEachRemaining(entry -> streams.<String, SpecimenSums>getTimestampedKeyValueStore(Stores.TALLIES)
                        .put(entry.key, entry.value));
            }
            // As if it had started now.
            left = 1;
        }

        SpecimenSums sums(Ward ward) {
            return streams.<String, SpecimenSums>getTimestampedKeyValueStore(Stores.TALLIES)
                    .get(ward.specimenId())
                    .value();
        }

        /** As a version stored it that kept no policy. */
        void forgetPolicy(Ward ward) {
            var assessments = streams.<String, SpecimenAssessment>getKeyValueStore(Stores.ASSESSMENTS);
            SpecimenAssessment older = assessments.get(ward.specimenId()).by(null);
            assessments.put(ward.specimenId(), older);
            var patients = streams.<String, PatientState>getKeyValueStore(Stores.PATIENTS);
            patients.put(ward.patientId(), patients.get(ward.patientId()).with(older, VerdictPolicy.DEFAULT));
        }

        void store(Ward ward, SpecimenSums sums) {
            streams.<String, SpecimenSums>getTimestampedKeyValueStore(Stores.TALLIES)
                    .put(ward.specimenId(), ValueAndTimestamp.make(sums, Ward.NOON.toEpochMilli()));
        }

        /** Lets time pass; of this driver's clock a check comes once a step. */
        void advance(Duration time) {
            for (long millis = 0; millis < time.toMillis(); millis += 100) {
                streams.advanceWallClockTime(Duration.ofMillis(100));
            }
        }

        long left() {
            return left;
        }

        Map<String, PatientVerdict> lastVerdicts() {
            Map<String, PatientVerdict> last = new HashMap<>();
            this.<PatientVerdict>read(Topic.PATIENT_VERDICTS)
                    .forEach(verdict -> last.put(verdict.getPatientId(), verdict));
            return last;
        }

        List<PatientAudit> audit() {
            return read(Topic.PATIENT_AUDIT);
        }

        private <T extends SpecificRecord> List<T> read(Topic topic) {
            return streams.createOutputTopic(
                            topic.topicName(),
                            new StringDeserializer(),
                            events.<T>of(topic).deserializer())
                    .readValuesToList();
        }

        @Override
        public void close() {
            streams.close();
        }
    }
}
