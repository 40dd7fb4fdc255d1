package io.leukostream.results.notification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private static final RetryPolicy POLICY = new RetryPolicy(Duration.ofSeconds(2), Duration.ofMinutes(1), 10);

    @Test
    void pausesDoubleUpToTheLongest() {
        // Given
        double noJitter = 0;

        // When
        List<Long> seconds = IntStream.rangeClosed(1, 8)
                .mapToObj(failed -> POLICY.pause(failed, noJitter).toSeconds())
                .toList();

        // Then
        assertEquals(List.of(2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L), seconds);
        assertEquals(Duration.ofMinutes(1), POLICY.pause(Integer.MAX_VALUE, noJitter));
    }

    @Test
    void jitterShortensAPauseByUpToAHalf() {
        for (long seed = 0; seed < 1_000; seed++) {
            // Given
            Random random = new Random(seed);
            int failed = 1 + random.nextInt(20);

            // When
            Duration pause = POLICY.pause(failed, random.nextDouble());

            // Then
            Duration whole = POLICY.pause(failed, 0);
            assertTrue(pause.compareTo(whole) <= 0 && pause.multipliedBy(2).compareTo(whole) >= 0, "seed " + seed);
        }
    }

    @Test
    void anImpossiblePolicyIsRefused() {
        // Given
        Duration second = Duration.ofSeconds(1);

        // When, Then
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(Duration.ZERO, second, 1));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(second, second.dividedBy(2), 1));
        assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(second, second, 0));
    }
}
