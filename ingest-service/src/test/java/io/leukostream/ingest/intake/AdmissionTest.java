package io.leukostream.ingest.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
    private final BytesInFlight bytes = new BytesInFlight(100);

    @TempDir
    Path disk;

    @Test
    void roomIsHeldUntilItIsClosed() throws Exception {
        // Given
        Admission admission = new Admission(bytes, new DiskWatermark(List.of(disk), 1));

        // When
        BytesInFlight.Reservation first = admission.admit(70);
        UnavailableException refused = assertThrows(UnavailableException.class, () -> admission.admit(31));
        first.close();

        // Then
        assertEquals(ProblemCode.TOO_MANY_BYTES_IN_FLIGHT, refused.code());
        assertEquals(0, bytes.held());
    }

    @Test
    void nothingIsHeldWhereADiskIsLow() throws Exception {
        // Given
        Admission admission = new Admission(bytes, new DiskWatermark(List.of(disk), Long.MAX_VALUE));

        // When
        UnavailableException refused = assertThrows(UnavailableException.class, () -> admission.admit(1));

        // Then
        assertEquals(ProblemCode.DISK_LOW, refused.code());
        assertEquals(0, bytes.held());
    }

    @Test
    void aDiskThatCannotBeLookedAtIsLow() throws Exception {
        // Given
        Path folder = Files.createDirectory(disk.resolve("gone"));
        Admission admission = new Admission(bytes, new DiskWatermark(List.of(folder), 1));
        Files.delete(folder);

        // When
        UnavailableException refused = assertThrows(UnavailableException.class, () -> admission.admit(1));

        // Then
        assertEquals(ProblemCode.DISK_LOW, refused.code());
    }
}
