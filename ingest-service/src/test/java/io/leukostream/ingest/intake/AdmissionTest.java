package io.leukostream.ingest.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
    private final BytesInFlight bytes = new BytesInFlight(100);

    @TempDir
    Path disk;

    @Test
    void roomIsHeldUntilItIsClosed() throws Exception {
        // Given
        Admission admission = new Admission(bytes, new DiskWatermark(List.of(disk), 1), () -> false);

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
        Admission admission = new Admission(bytes, new DiskWatermark(List.of(disk), Long.MAX_VALUE), () -> false);

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
        Admission admission = new Admission(bytes, new DiskWatermark(List.of(folder), 1), () -> false);
        Files.delete(folder);

        // When
        UnavailableException refused = assertThrows(UnavailableException.class, () -> admission.admit(1));

        // Then
        assertEquals(ProblemCode.DISK_LOW, refused.code());
    }

    @Test
    void nothingIsHeldWhileImagesWaitTooLong() throws Exception {
        // Given
        AtomicBoolean waits = new AtomicBoolean(true);
        AgeWatermark age = new AgeWatermark(time -> waits.get(), Duration.ofDays(5));
        Admission admission = new Admission(bytes, new DiskWatermark(List.of(disk), 1), age::isReached);

        // When
        age.look();
        UnavailableException refused = assertThrows(UnavailableException.class, () -> admission.admit(1));
        waits.set(false);
        age.look();

        // Then
        assertEquals(ProblemCode.IMAGES_WAIT_TOO_LONG, refused.code());
        admission.admit(1).close();
        assertEquals(0, bytes.held());
    }
}
