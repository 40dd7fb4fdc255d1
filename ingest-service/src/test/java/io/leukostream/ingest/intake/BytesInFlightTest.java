package io.leukostream.ingest.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BytesInFlightTest {
    @Test
    void admitsUpToItsLimitInBytes() {
        // Given
        BytesInFlight bytes = new BytesInFlight(100);
        bytes.open().grow(60);
        BytesInFlight.Reservation reservation = bytes.open();

        // When
        boolean tooMuch = reservation.grow(41);
        boolean justFits = reservation.grow(40);

        // Then
        assertFalse(tooMuch);
        assertTrue(justFits);
        assertEquals(100, bytes.held());
    }

    @Test
    void givesBackOnceWhatItReserved() {
        // Given
        BytesInFlight bytes = new BytesInFlight(100);
        BytesInFlight.Reservation reservation = bytes.open();
        reservation.grow(30);
        reservation.grow(20);

        // When
        reservation.close();
        reservation.close();

        // Then
        assertEquals(0, bytes.held());
        assertFalse(reservation.grow(1), "nothing is reserved for a request that is over");
    }

    @Test
    void neverHoldsMoreThanItsLimitWhoeverAsks() {
        // Given
        BytesInFlight bytes = new BytesInFlight(100);
        AtomicInteger admitted = new AtomicInteger();

        // When
        IntStream.range(0, 10_000).parallel().forEach(k -> {
            if (bytes.open().grow(30)) {
                admitted.incrementAndGet();
            }
        });

        // Then
        assertEquals(3, admitted.get());
        assertEquals(90, bytes.held());
    }
}
