package io.leukostream.results.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Map;
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
    }
}
