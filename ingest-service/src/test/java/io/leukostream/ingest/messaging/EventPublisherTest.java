package io.leukostream.ingest.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventPublisherTest {
    @Test
    void saysThatTheRegistryIsAway() {
        assertSaysThatTheRegistryIsAway(1);
    }

    @Test
    @Timeout(20)
    void aRegistryThatTakesTheQuestionAndNeverAnswersIsAwayToo() throws IOException {
        // A connection is made, and nobody reads from it.
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertSaysThatTheRegistryIsAway(silent.getLocalPort());
        }
    }

    private static void assertSaysThatTheRegistryIsAway(int registryPort) {
        // Given
        Specimen specimen = new Specimen(
                new SpecimenId("S-00000000"),
                new PatientId("P-00000000"),
                SpecimenType.BONE_MARROW,
                SpecimenKind.CELL,
                1,
                Instant.EPOCH);
        try (EventPublisher publisher = new EventPublisher(
                "127.0.0.1:1",
                "http://127.0.0.1:" + registryPort + "/apis/registry/v3",
                ImageLimit.DEFAULT,
                Duration.ofSeconds(1))) {
            // When
            UnavailableException away = assertThrows(
                    UnavailableException.class, () -> publisher.publish(new Assignment(specimen, List.of(), null)));

            // Then
            assertEquals(ProblemCode.REGISTRY_UNAVAILABLE, away.code());
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }
}
