package io.leukostream.results.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.events.AlertDelivery;
import io.leukostream.events.AlertEvent;
import io.leukostream.results.Ward;
import io.leukostream.results.Ward.Sent;
import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.AlertRule;
import io.leukostream.results.domain.DeliveryHistory;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert loop under its two clocks: the time of the records, and the wall clock, which starts at noon. */
class AlertClocksTest {
    private static final AlertRule RULE = new AlertRule(
            Duration.ofMinutes(10),
            List.of(
                    new AlertRule.Rung(Duration.ZERO, "the ward's physician", new TreeSet<>(Set.of("pager"))),
                    new AlertRule.Rung(Duration.ofMinutes(5), "the head of haematology", new TreeSet<>())),
            new TreeSet<>());
    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final Ward ANNA = new Ward("P-AAAA1111", "S-AAAA1111", "BONE_MARROW");
    private static final Ward BERT = new Ward("P-BBBB2222", "S-ZZZZ2222", "BONE_MARROW");
    private static final Instant AN_HOUR_AGO = Ward.NOON.minus(Duration.ofHours(1));

    private final EventSerdes serdes = new ResultsTopologyTest.PlainSerdes();
    private final List<AlertEvent> events = new ArrayList<>();

    @TempDir
    Path folder;

    private TopologyTestDriver streams;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "results");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        streams = new TopologyTestDriver(
                ResultsTopology.build(
                        new TopologySettings(
                                VerdictPolicy.DEFAULT, new AlertLoop(RULE, RULE), CHECK, SiteKey.generate()),
                        serdes,
                        Stores::inMemoryKeyValueStore),
                properties,
                Ward.NOON);
    }

    @AfterEach
    void stop() {
        streams.close();
    }

    private void send(Sent record, Instant at) {
        Serde<SpecificRecord> serde = serdes.of(record.topic());
        streams.createInputTopic(record.topic().topicName(), new StringSerializer(), serde.serializer())
                .pipeInput(record.key(), record.value(), at);
        read();
    }

    private void suspect(Ward ward, Instant at) {
        send(ward.registration(), at);
        ward.images(60, 60).forEach(record -> send(record, at));
    }

    /** The wall clock goes on. */
    private void advance(Duration time) {
        streams.advanceWallClockTime(time);
        read();
    }

    private void read() {
        TestOutputTopic<String, AlertEvent> topic = streams.createOutputTopic(
                Topic.HEMATOLOGY_ALERTS.topicName(),
                new StringDeserializer(),
                serdes.<AlertEvent>of(Topic.HEMATOLOGY_ALERTS).deserializer());
        events.addAll(topic.readValuesToList());
    }

    private List<String> steps() {
        return events.stream()
                .map(event -> event.getStep() + " " + event.getState())
                .toList();
    }

    @Test
    void aRungIsTakenAtItsTimeByTheWallClockAndOnce() {
        // Given
        suspect(ANNA, Ward.NOON);
        advance(CHECK);

        // When
        advance(Duration.ofMinutes(10).minus(CHECK).minusMillis(1));
        List<String> early = steps();
        advance(Duration.ofMillis(1));
        List<String> due = steps();
        advance(Duration.ofMinutes(5).minusMillis(1));
        List<String> between = steps();
        advance(Duration.ofMillis(1));
        for (int check = 0; check < 5; check++) {
            advance(Duration.ofHours(1));
        }

        // Then
        assertEquals(List.of("1 RAISED"), early);
        assertEquals(List.of("1 RAISED", "2 ESCALATED"), due);
        assertEquals(due, between);
        assertEquals(List.of("1 RAISED", "2 ESCALATED", "3 ESCALATED"), steps());
        AlertEvent first = events.get(1);
        assertEquals(Ward.NOON.plus(Duration.ofMinutes(10)), first.getAt());
        assertEquals("the ward's physician", first.getRecipient());
        assertEquals(List.of("pager"), first.getChannels());
        assertEquals(1, first.getRung());
        assertEquals(Ward.NOON.plus(Duration.ofMinutes(15)), events.get(2).getAt());
        assertEquals("the head of haematology", events.get(2).getRecipient());
    }

    @Test
    void theTimeOfTheRecordsSaysWhenAnAlertIsDue() {
        // Given: nothing ran for an hour
        suspect(ANNA, AN_HOUR_AGO);

        // When
        advance(CHECK);
        List<String> firstCheck = steps();
        advance(CHECK);
        List<String> secondCheck = steps();
        advance(CHECK);

        // Then: all rungs that are overdue at once, and none twice
        assertEquals(List.of("1 RAISED"), firstCheck);
        assertEquals(AN_HOUR_AGO.plus(Duration.ofMinutes(10)), events.getFirst().getDueAt());
        assertEquals(List.of("1 RAISED", "2 ESCALATED", "3 ESCALATED"), secondCheck);
        assertEquals(secondCheck, steps());
    }

    @Test
    void anAlertWhoseAcknowledgementLiesFurtherOnInTheLogIsNotEscalated() {
        // Given: an old log is read, in which the acknowledgement comes some checks of the clock later
        suspect(ANNA, AN_HOUR_AGO);
        advance(CHECK);
        for (int check = 1; check <= 5; check++) {
            send(BERT.receipt(check), AN_HOUR_AGO.plusSeconds(check));
            send(BERT.registration(), AN_HOUR_AGO.plusSeconds(check));
            send(BERT.classified(check, false), AN_HOUR_AGO.plusSeconds(check));
            advance(CHECK);
        }
        List<String> whileReading = steps();

        // When
        Instant readBack = AN_HOUR_AGO.plus(Duration.ofMinutes(9));
        send(ANNA.acknowledgement(1, "Dr Ada", readBack), readBack);
        advance(CHECK);
        advance(Duration.ofHours(1));

        // Then
        assertEquals(List.of("1 RAISED"), whileReading);
        assertEquals(List.of("1 RAISED", "2 ACKNOWLEDGED"), steps());
    }

    @Test
    void aLogThatNeverCatchesUpHoldsAnAlertForFiveMinutesOnly() {
        // Given
        suspect(ANNA, AN_HOUR_AGO);
        send(BERT.registration(), AN_HOUR_AGO);
        advance(CHECK);

        // When
        int checks = 0;
        while (steps().size() == 1 && checks < 1_000) {
            send(BERT.receipt(checks++), AN_HOUR_AGO.plusSeconds(1));
            advance(CHECK);
        }

        // Then
        assertEquals(PatientKeeper.PATIENCE.toSeconds(), checks);
        assertEquals(List.of("1 RAISED", "2 ESCALATED", "3 ESCALATED"), steps());
    }

    @Test
    void anActThatIsReadBeforeItsAlertWaitsForIt() {
        // Given: the log is read from its beginning, people's acts first
        send(ANNA.acknowledgement(1, "Dr Ada", AN_HOUR_AGO.plusSeconds(60)), AN_HOUR_AGO.plusSeconds(60));
        send(ANNA.closure(1, "Dr Ada", "Seen.", AN_HOUR_AGO.plusSeconds(90)), AN_HOUR_AGO.plusSeconds(90));
        send(ANNA.acknowledgement(2, "Dr Ada", AN_HOUR_AGO.minusSeconds(1)), AN_HOUR_AGO.plusSeconds(95));

        // When
        suspect(ANNA, AN_HOUR_AGO);
        advance(CHECK);
        advance(CHECK);

        // Then
        assertEquals(List.of("1 RAISED", "2 ACKNOWLEDGED", "3 CLOSED"), steps());
        assertEquals("Dr Ada", events.getLast().getClosedBy());
        assertEquals("Seen.", events.getLast().getReason());
    }

    @Test
    void anAlertIsClosedOnceAndOnlyAfterItsAcknowledgement() {
        // Given
        suspect(ANNA, Ward.NOON);

        // When
        send(ANNA.closure(1, "Dr Bela", "Too early.", Ward.NOON), Ward.NOON);
        send(ANNA.acknowledgement(1, "Dr Ada"), Ward.NOON);
        send(ANNA.closure(1, "Dr Ada", "Seen.", Ward.NOON), Ward.NOON);
        send(ANNA.closure(1, "Dr Bela", "Seen too.", Ward.NOON), Ward.NOON);
        ANNA.images(80, 80).forEach(record -> send(record, Ward.NOON.plusSeconds(1)));
        advance(Duration.ofHours(1));
        advance(Duration.ofHours(1));

        // Then
        assertEquals(List.of("1 RAISED", "2 ACKNOWLEDGED", "3 CLOSED"), steps());
        assertEquals("Dr Ada", events.getLast().getClosedBy());
    }

    @Test
    void deliveriesAreKeptWithTheirAlertAndTheFirstOneNotifies() {
        // Given
        suspect(ANNA, Ward.NOON);
        AlertDelivery failed = AlertDelivery.newBuilder()
                .setAlertId("P-AAAA1111.1")
                .setPatientId("P-AAAA1111")
                .setAlertState("RAISED")
                .setChannel("WEBHOOK")
                .setChannelName("pager")
                .setEventId("P-AAAA1111.1.RAISED")
                .setAttempt(1)
                .setStatus("FAILED")
                .setDetail("The receiver answered 503.")
                .setNextAttemptAt(Ward.NOON.plusSeconds(2))
                .setAt(Ward.NOON)
                .build();
        AlertDelivery delivered = AlertDelivery.newBuilder(failed)
                .setAttempt(2)
                .setStatus("DELIVERED")
                .setDetail(null)
                .setNextAttemptAt(null)
                .build();
        AlertDelivery ofAnother =
                AlertDelivery.newBuilder(delivered).setAlertId("P-BBBB2222.1").build();

        // When
        for (AlertDelivery delivery : List.of(failed, delivered, delivered, ofAnother)) {
            send(new Sent(Topic.ALERT_DELIVERIES, "P-AAAA1111", delivery), Ward.NOON);
        }
        for (int more = 0; more < DeliveryHistory.MOST; more++) {
            send(new Sent(Topic.ALERT_DELIVERIES, "P-AAAA1111", delivered), Ward.NOON);
        }

        // Then
        assertEquals(List.of("1 RAISED", "2 NOTIFIED"), steps());
        assertEquals("Delivered by pager.", events.getLast().getReason());
        DeliveryHistory kept = streams.<String, DeliveryHistory>getKeyValueStore("alert-deliveries")
                .get("P-AAAA1111.1");
        assertEquals(DeliveryHistory.MOST, kept.attempts().size());
        assertTrue(kept.attempts().getFirst().delivered(), "the oldest are dropped");
        assertNull(streams.getKeyValueStore("alert-deliveries").get("P-BBBB2222.1"));
    }

    @Test
    void whatIsNextStandsWithTheAlert() {
        // Given
        suspect(ANNA, Ward.NOON);

        // When
        Alert alert = streams.<String, Alert>getKeyValueStore("alerts").get("P-AAAA1111.1");

        // Then
        assertEquals(
                new Alert.NextRung(1, Ward.NOON.plus(Duration.ofMinutes(10)), "the ward's physician"),
                alert.course().next());
        assertEquals(1, alert.course().steps().size());
    }
}
