package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidenceSequenceTest {

    @ParameterizedTest
    @CsvSource({
        "0, 50, 0.000, 0.105",
        "0, 200, 0.000, 0.031",
        "40, 200, 0.116, 0.307",
        "100, 500, 0.142, 0.268",
        "50, 100, 0.338, 0.662",
        "80, 100, 0.648, 0.909"
    })
    void hasTheFiguresOfTheClinicalBase(int successes, int trials, double lower, double upper) {
        // Given
        double alpha = 0.05;

        // When
        Interval interval = ConfidenceSequence.interval(successes, trials, alpha);

        // Then
        assertEquals(lower, interval.lower(), 5e-4);
        assertEquals(upper, interval.upper(), 5e-4);
    }

    @Test
    void missesTheTrueRateAtAnyLookInFewerThanFivePercentOfRuns() {
        // Given
        long seed = 20261123;
        Random random = new Random(seed);
        int runs = 2_000;

        // When
        int missed = 0;
        for (int run = 0; run < runs; run++) {
            missed += missesOnce(random, 0.25, 500) ? 1 : 0;
        }

        // Then
        assertTrue(missed < 0.05 * runs, "missed " + missed + " of " + runs + ", seed " + seed);
    }

    private static boolean missesOnce(Random random, double rate, int looks) {
        int successes = 0;
        for (int n = 1; n <= looks; n++) {
            successes += random.nextDouble() < rate ? 1 : 0;
            Interval interval = ConfidenceSequence.interval(successes, n, 0.05);
            if (rate < interval.lower() || rate > interval.upper()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void knowsNothingBeforeTheFirstCell() {
        // Given
        int trials = 0;

        // When
        Interval interval = ConfidenceSequence.interval(0, trials, 0.05);

        // Then
        assertEquals(Interval.ALL, interval);
    }
}
