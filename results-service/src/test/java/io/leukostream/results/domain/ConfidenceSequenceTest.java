package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
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

    @Test
    void theTrialsToLeaveAreTheFirstWhoseIntervalLiesOutside() {
        long seed = 20261126;
        Random random = new Random(seed);
        for (int k = 0; k < 300; k++) {
            // Given
            double rate = random.nextInt(11) / 10.0;
            double lower = 0.05 + 0.6 * random.nextDouble();
            Interval undecided = new Interval(lower, lower + random.nextDouble() * 0.2);
            double designEffect = 1 + random.nextInt(2) * random.nextDouble();
            double alpha = 0.02;

            // When
            OptionalInt trials = ConfidenceSequence.trialsToLeave(rate, designEffect, undecided, alpha);

            // Then
            String which = rate + " against " + undecided + ", seed " + seed;
            if (undecided.lower() <= rate && rate <= undecided.upper()) {
                assertTrue(trials.isEmpty(), which);
            } else {
                int n = trials.orElseThrow();
                assertTrue(isOutside(rate, n, designEffect, undecided, alpha), which);
                assertFalse(isOutside(rate, n - 1, designEffect, undecided, alpha), which);
            }
        }
    }

    private static boolean isOutside(double rate, int trials, double designEffect, Interval range, double alpha) {
        double effective = trials / designEffect;
        Interval interval = ConfidenceSequence.interval(rate * effective, effective, alpha);
        return interval.lower() > range.upper() || interval.upper() < range.lower();
    }

    @Test
    void aRateAtTheThresholdLeavesItNever() {
        // Given
        Interval threshold = new Interval(0.25, 0.25);

        // When
        OptionalInt at = ConfidenceSequence.trialsToLeave(0.25, 1, threshold, 0.05);
        OptionalInt beside = ConfidenceSequence.trialsToLeave(0.2501, 1, threshold, 0.05);

        // Then
        assertTrue(at.isEmpty());
        assertTrue(beside.isEmpty(), beside.toString());
    }
}
