package io.leukostream.results.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.Registration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an earlier version stored is read by this one. */
class StoredBeforeTest {
    @Test
    void sumsWithoutTypesAndQualityGatesHaveNone() {
        // Given: as the version before types wrote it
        String json = """
                {"registration":null,"formerPatients":[],"tally":{"received":3,"classified":2,\
                "rejectedByReason":{"IMAGE_TRUNCATED":1},"models":{},"gated":1,"evidence":12345},"reviewEvents":0}""";

        // When
        SpecimenSums sums = new JsonSerde<>(SpecimenSums.class)
                .deserializer()
                .deserialize("tallies", json.getBytes(StandardCharsets.UTF_8));

        // Then
        assertEquals(3, sums.tally().received());
        assertEquals(1, sums.tally().gated());
        assertEquals(Map.of(), sums.tally().types());
        assertEquals(Map.of(), sums.tally().qualityGated());
        assertEquals(0, sums.tally().doubtful());
    }

    @Test
    void anAlertWithoutACourseHasTakenTheRungThatItSays() {
        // Given: as the version before ladders wrote it
        String json = """
                {"patientId":"P-AAAA1111","number":1,"state":"ESCALATED","verdictState":"BLASTS_SUSPECTED",\
                "evidenceHash":"sha256:a","raisedAt":1795435200.000000000,"dueAt":1795437000.000000000,"escalated":true,\
                "acknowledgedBy":null,"acknowledgedAt":null,"reason":"Nobody acknowledged it within 30 minutes.",\
                "suspects":["S-AAAA1111"],"updatedAt":1795437000.500000000}""";

        // When
        Alert alert = new JsonSerde<>(Alert.class)
                .deserializer()
                .deserialize("alerts", json.getBytes(StandardCharsets.UTF_8));

        // Then
        assertEquals(1, alert.course().rungs());
        assertEquals(List.of(), alert.course().steps());
        assertNull(new AlertLoop(Duration.ofMinutes(30)).nextRungAt(alert), "it is not escalated once more");
    }

    @Test
    void aPatientWithoutAPeriodHasNoSpecimenBeforeIt() {
        // Given
        String json = """
                {"patientId":"P-1","specimens":{},"updatedAt":null,"lastAlert":2,"lastLink":3,"lastHash":"aa"}""";

        // When
        PatientState patient = new JsonSerde<>(PatientState.class)
                .deserializer()
                .deserialize("patients", json.getBytes(StandardCharsets.UTF_8));

        // Then
        assertEquals(new TreeSet<>(), patient.past());
        assertEquals(2, patient.lastAlert());
    }

    @Test
    void aRegistrationKeepsItsTimeAndAnOlderOneHasNone() {
        // Given
        JsonSerde<Registration> serde = new JsonSerde<>(Registration.class);
        Registration now = new Registration("P-1", "BONE_MARROW", "CELL", 1, Instant.ofEpochMilli(1_700_000_000_123L));
        String before = """
                {"patientId":"P-1","specimenType":"BONE_MARROW","kind":"CELL","version":1}""";

        // When
        Registration read =
                serde.deserializer().deserialize("r", serde.serializer().serialize("r", now));
        Registration old = serde.deserializer().deserialize("r", before.getBytes(StandardCharsets.UTF_8));

        // Then
        assertEquals(now, read);
        assertEquals(new Registration("P-1", "BONE_MARROW", "CELL", 1), old);
    }
}
