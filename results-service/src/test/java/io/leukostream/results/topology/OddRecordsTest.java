package io.leukostream.results.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.events.AlertDelivery;
import io.leukostream.events.AlertEvent;
import io.leukostream.events.CellReview;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.PatientVerdict;
import io.leukostream.events.RecordRejected;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.results.Ward;
import io.leukostream.results.Ward.Sent;
import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.schemas.Topic;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a topic holds, the topology goes on, and what it cannot use is named. */
class OddRecordsTest {
    private static final Ward ANNA = new Ward("P-AAAA1111", "S-AAAA1111", "BONE_MARROW");
    private static final Ward BERT = new Ward("P-BBBB2222", "S-ZZZZ2222", "BONE_MARROW");

    private final EventSerdes events = new ResultsTopologyTest.PlainSerdes();
    private final Map<String, Integer> counted = new TreeMap<>();

    @TempDir
    Path folder;

    private TopologyTestDriver streams;

    /** Every topic that the topology reads. */
    enum Source {
        SPECIMENS(Topic.SPECIMENS),
        RECEIPTS(Topic.IMAGE_RECEIPTS),
        CLASSIFICATIONS(Topic.CELL_CLASSIFICATIONS),
        REJECTIONS(Topic.IMAGE_REJECTIONS),
        REVIEWS(Topic.CELL_REVIEWS),
        ACKNOWLEDGEMENTS(Topic.ALERT_ACKNOWLEDGEMENTS),
        DELIVERIES(Topic.ALERT_DELIVERIES);

        private final Topic topic;

        Source(Topic topic) {
            this.topic = topic;
        }

        /** A key as the topic has it. */
        String key() {
            return topic == Topic.ALERT_ACKNOWLEDGEMENTS || topic == Topic.ALERT_DELIVERIES
                    ? ANNA.patientId()
                    : ANNA.specimenId();
        }
    }

    @BeforeEach
    void start() {
        TopologyObserver observer = new TopologyObserver() {
            @Override
            public void rejected(String topic, String reason) {
                counted.merge(topic + " " + reason, 1, Integer::sum);
            }

            @Override
            public void toReassess(int partition, long specimens) {
                // Not looked at here.
            }

            @Override
            public long toReassess() {
                return 0;
            }
        };
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "results");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailedRecords.class);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, FailedRecords.class);
        properties.put(FailedRecords.OBSERVER, observer);
        TopologySettings settings = new TopologySettings(
                VerdictPolicy.DEFAULT,
                new AlertLoop(Duration.ofMinutes(30)),
                Duration.ofSeconds(1),
                SiteKey.generate(),
                observer);
        streams = new TopologyTestDriver(
                ResultsTopology.build(settings, events, Stores::inMemoryKeyValueStore), properties, Ward.NOON);
    }

    @AfterEach
    void stop() {
        streams.close();
    }

    private void send(Topic topic, @Nullable String key, byte @Nullable [] value) {
        streams.createInputTopic(
                        topic.topicName(), new StringSerializer(), new ByteArraySerializer(), Ward.NOON, Duration.ZERO)
                .pipeInput(key, value);
    }

    private byte[] bytes(Sent record) {
        Serde<SpecificRecord> serde = events.of(record.topic());
        return serde.serializer().serialize(record.topic().topicName(), record.value());
    }

    private void send(Sent record) {
        send(record.topic(), record.key(), bytes(record));
    }

    private <T extends SpecificRecord> List<T> read(Topic topic) {
        return streams.createOutputTopic(
                        topic.topicName(),
                        new StringDeserializer(),
                        events.<T>of(topic).deserializer())
                .readValuesToList();
    }

    private List<String> rejected() {
        return this.<RecordRejected>read(Topic.RESULTS_REJECTED).stream()
                .map(each -> each.getSource().getTopic() + " " + each.getReason())
                .toList();
    }

    private void assertGoesOn() {
        send(BERT.registration());
        BERT.images(120, 110).forEach(this::send);
        send(BERT.acknowledgement(1, "Dr Bela"));
        List<PatientVerdict> verdicts = read(Topic.PATIENT_VERDICTS);
        assertEquals("BLASTS_SUSPECTED", verdicts.getLast().getState());
        List<AlertEvent> alerts = read(Topic.HEMATOLOGY_ALERTS);
        assertEquals("ACKNOWLEDGED", alerts.getLast().getState());
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void aTombstoneOrBytesThatAreNoRecordAreNamedAndTheTopologyGoesOn(Source source) {
        // Given
        String name = source.topic.topicName();
        byte[] endless = ByteBuffer.allocate(9).put((byte) 2).putLong(-1).array();

        // When
        send(source.topic, source.key(), null);
        send(source.topic, source.key(), new byte[0]);
        send(source.topic, source.key(), "garbage".getBytes(StandardCharsets.UTF_8));
        send(source.topic, source.key(), endless);
        send(source.topic, null, null);

        // Then
        List<String> expected = List.of(
                name + " TOMBSTONE",
                name + " UNREADABLE",
                name + " UNREADABLE",
                name + " UNREADABLE",
                name + " TOMBSTONE");
        assertEquals(expected, rejected());
        assertEquals(Map.of(name + " TOMBSTONE", 2, name + " UNREADABLE", 3), counted);
        assertGoesOn();
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void aThousandTombstonesAtOnceAreNamedEach(Source source) {
        // When
        for (int number = 0; number < 1_000; number++) {
            send(source.topic, source.key(), null);
        }

        // Then
        assertEquals(1_000, rejected().size());
        assertGoesOn();
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void aRecordUnderAnotherKeyOrUnderNoneIsNamed(Source source) {
        // Given
        Sent record = valid(source);
        byte[] value = bytes(record);

        // When
        send(source.topic, "S-ELSE1111", value);
        send(source.topic, null, value);

        // Then
        assertEquals(
                List.of(source.topic.topicName() + " KEY_MISMATCH", source.topic.topicName() + " NO_KEY"), rejected());
        assertGoesOn();
    }

    private static Sent valid(Source source) {
        return switch (source) {
            case SPECIMENS -> ANNA.registration();
            case RECEIPTS -> ANNA.receipt(1);
            case CLASSIFICATIONS -> ANNA.classified(1, true);
            case REJECTIONS -> ANNA.rejected(1, "IMAGE_TRUNCATED");
            case REVIEWS -> ANNA.label("e1", null, ANNA.cellId(1), "BLAST");
            case ACKNOWLEDGEMENTS -> ANNA.acknowledgement(1, "Dr Ada");
            case DELIVERIES -> delivery("P-AAAA1111.1", 1);
        };
    }

    private static Sent delivery(String alertId, int attempt) {
        return new Sent(
                Topic.ALERT_DELIVERIES,
                ANNA.patientId(),
                AlertDelivery.newBuilder()
                        .setAlertId(alertId)
                        .setPatientId(ANNA.patientId())
                        .setAlertState("RAISED")
                        .setChannel("WEBHOOK")
                        .setAttempt(attempt)
                        .setStatus("DELIVERED")
                        .setAt(Ward.NOON)
                        .build());
    }

    @Test
    void idsOfAWrongFormAndImpossibleValuesAreNamed() {
        // Given
        SpecimenRegistered specimen = (SpecimenRegistered) ANNA.registration().value();
        CellReview label =
                (CellReview) ANNA.label("e1", null, ANNA.cellId(1), "BLAST").value();
        ImageClassified outcome = (ImageClassified) ANNA.classified(1, true).value();
        AlertAcknowledgement read =
                (AlertAcknowledgement) ANNA.acknowledgement(1, "Dr Ada").value();
        List<Sent> odd = new ArrayList<>();
        odd.add(new Sent(
                Topic.SPECIMENS,
                ANNA.specimenId(),
                SpecimenRegistered.newBuilder(specimen).setVersion(0).build()));
        odd.add(new Sent(
                Topic.SPECIMENS,
                ANNA.specimenId(),
                SpecimenRegistered.newBuilder(specimen).setPatientId("Anna A.").build()));
        odd.add(new Sent(
                Topic.CELL_REVIEWS,
                ANNA.specimenId(),
                CellReview.newBuilder(label)
                        .setCellId(ANNA.imageId(1) + ".99999999999-1-2-3")
                        .build()));
        odd.add(new Sent(
                Topic.CELL_REVIEWS,
                ANNA.specimenId(),
                CellReview.newBuilder(label).setCellId("the third one").build()));
        ImageClassified improbable = ImageClassified.newBuilder(outcome).build();
        improbable.getCells().getFirst().put("blastProbability", Double.NaN);
        odd.add(new Sent(Topic.CELL_CLASSIFICATIONS, ANNA.specimenId(), improbable));
        odd.add(new Sent(
                Topic.CELL_CLASSIFICATIONS,
                ANNA.specimenId(),
                ImageClassified.newBuilder(
                                (ImageClassified) ANNA.classified(1, true).value())
                        .setAttempt(0)
                        .build()));
        odd.add(new Sent(
                Topic.ALERT_ACKNOWLEDGEMENTS,
                ANNA.patientId(),
                AlertAcknowledgement.newBuilder(read).setAlertId("P-BBBB2222.1").build()));
        odd.add(delivery("P-AAAA1111.1", 0));

        // When
        odd.forEach(this::send);

        // Then
        assertEquals(
                List.of(
                        "specimens IMPOSSIBLE_VALUE",
                        "specimens MALFORMED_ID",
                        "cell.reviews IMPOSSIBLE_VALUE",
                        "cell.reviews MALFORMED_ID",
                        "cell.classifications IMPOSSIBLE_VALUE",
                        "cell.classifications IMPOSSIBLE_VALUE",
                        "alert.acknowledgements MALFORMED_ID",
                        "alert.deliveries IMPOSSIBLE_VALUE"),
                rejected());
        assertGoesOn();
    }

    @Test
    void aTombstoneOfASpecimenLeavesItsVerdictAndItsAlert() {
        // Given
        send(ANNA.registration());
        ANNA.images(120, 110).forEach(this::send);
        read(Topic.PATIENT_VERDICTS);
        read(Topic.HEMATOLOGY_ALERTS);

        // When
        send(Topic.SPECIMENS, ANNA.specimenId(), null);
        send(ANNA.classified(200, true));

        // Then
        List<PatientVerdict> verdicts = read(Topic.PATIENT_VERDICTS);
        assertEquals("BLASTS_SUSPECTED", verdicts.getLast().getState());
        assertEquals(List.of(), read(Topic.HEMATOLOGY_ALERTS));
    }

    @Test
    void anAlertThatIsDueAndNotThereIsDueNoMore() {
        // Given
        streams.<String, Long>getKeyValueStore("due-alerts").put("P-AAAA1111.7", Ward.NOON.toEpochMilli());

        // When
        streams.advanceWallClockTime(Duration.ofSeconds(1));
        streams.advanceWallClockTime(Duration.ofSeconds(1));

        // Then
        assertEquals(null, streams.<String, Long>getKeyValueStore("due-alerts").get("P-AAAA1111.7"));
        assertGoesOn();
    }

    @Test
    void aStepThatFailsOverARecordPassesItOverAndCountsIt() {
        // Given: an entry that no version of this service wrote
        streams.<String, ReviewEntry>getKeyValueStore("reviews")
                .put(
                        ANNA.specimenId() + ".e0",
                        new ReviewEntry(
                                CellReview.newBuilder((CellReview) ANNA.label("e0", null, ANNA.cellId(1), "BLAST")
                                                .value())
                                        .setCellId(ANNA.imageId(1) + ".99999999999-1-2-3")
                                        .build(),
                                false));
        send(ANNA.registration());
        ANNA.images(2, 1).forEach(this::send);

        // When
        send(ANNA.label("e1", null, ANNA.cellId(1), "BLAST"));

        // Then
        assertEquals(Map.of("cell.reviews PROCESSING_FAILED", 1), counted);
        assertGoesOn();
    }

    @Test
    void whatIsAroundARecordIsNeverARecordsFault() {
        // Then
        assertTrue(Infrastructure.failed(new IllegalStateException(new ConnectException("refused"))));
        assertTrue(Infrastructure.failed(new org.apache.kafka.common.errors.TimeoutException("no answer")));
        assertEquals(false, Infrastructure.failed(new SerializationException("no magic byte")));
        assertEquals(false, Infrastructure.failed(new UnsupportedOperationException("an array of 2^40 items")));
    }

    @Test
    void aThreadThatEndsOverAndOverIsReplacedSoOftenAndNoMore() {
        // Given
        ThreadReplacement replacement = new ThreadReplacement(Duration.ZERO);
        IllegalStateException failure = new IllegalStateException("a fault of our own");

        // When
        for (int time = 0; time < ThreadReplacement.MOST; time++) {
            assertEquals(StreamThreadExceptionResponse.REPLACE_THREAD, replacement.endedOfItself(time, failure));
        }

        // Then
        assertEquals(
                StreamThreadExceptionResponse.SHUTDOWN_CLIENT,
                replacement.endedOfItself(ThreadReplacement.MOST, failure));
        long later = ThreadReplacement.WITHIN.toNanos() * 2;
        assertEquals(StreamThreadExceptionResponse.REPLACE_THREAD, replacement.endedOfItself(later, failure));
        for (int time = 0; time < 100; time++) {
            assertEquals(
                    StreamThreadExceptionResponse.REPLACE_THREAD,
                    replacement.handle(new IllegalStateException(new ConnectException("refused"))));
        }
    }
}
