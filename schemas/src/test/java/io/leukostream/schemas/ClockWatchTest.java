package io.leukostream.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private static final long NOON = 1_764_158_400_000L;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void timeThatGoesByAndAClockThatIsSetAheadAreNoSetBack() {
        // Given
        ClockWatch watch = new ClockWatch(NOON, 5 * SECOND);

        // When
        Duration later = watch.setBack(NOON + 60_000, 65 * SECOND);
        Duration ahead = watch.setBack(NOON + 3_660_000, 65 * SECOND);
        Duration corrected = watch.setBack(NOON + 3_660_950, 66 * SECOND);

        // Then
        assertEquals(Duration.ZERO, later);
        assertEquals(Duration.ZERO, ahead);
        assertTrue(corrected.compareTo(ClockWatch.TOLERANCE) < 0, corrected.toString());
    }

    @Test
    void aClockThatIsSetBackIsNoticedHoweverLateAndAlsoWhenItWasAhead() {
        // Given
        ClockWatch behind = new ClockWatch(NOON, 0);
        ClockWatch wasAhead = new ClockWatch(NOON, 0);

        // When
        Duration hourLater = behind.setBack(NOON, 3_600 * SECOND);
        wasAhead.setBack(NOON + 5_400_000, 0);
        Duration setRight = wasAhead.setBack(NOON + 1_000, SECOND);

        // Then
        assertEquals(Duration.ofHours(1), hourLater);
        assertEquals(Duration.ofMinutes(90), setRight);
    }
}
