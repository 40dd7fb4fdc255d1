package io.leukostream.ingest.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leukostream.ingest.domain.Assignment;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Specimen;
import io.leukostream.ingest.domain.SpecimenId;
import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.domain.SpecimenType;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.schemas.ImageLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventPublisherTest {
    @Test
    void saysThatTheRegistryIsAway() {
        // Given
        Specimen specimen = new Specimen(
                new SpecimenId("S-00000000"),
                new PatientId("P-00000000"),
                SpecimenType.BONE_MARROW,
                SpecimenKind.CELL,
                1,
                Instant.EPOCH);
        try (EventPublisher publisher = new EventPublisher(
                "127.0.0.1:1", "http://127.0.0.1:1/apis/registry/v3", ImageLimit.DEFAULT, Duration.ofSeconds(1))) {
            // When
            UnavailableException away = assertThrows(
                    UnavailableException.class, () -> publisher.publish(new Assignment(specimen, List.of(), null)));

            // Then
            assertEquals(ProblemCode.REGISTRY_UNAVAILABLE, away.code());
        }
    }
}
