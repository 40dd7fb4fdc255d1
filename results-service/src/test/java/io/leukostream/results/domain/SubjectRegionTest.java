package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.domain.SubjectRegion.ConsistentSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.junit.jupiter.api.Test;

class SubjectRegionTest {

    @Test
    void endsOfTheConsistentSetAreThoseOfAFineGrid() {
        // Given
        long seed = 5;
        Random random = new Random(seed);

        for (int k = 0; k < 300; k++) {
            SubjectRegion region = new SubjectRegion(interval(random, 0.5), interval(random, 0.5));
            Interval apparent = interval(random, 0);

            // When
            ConsistentSet set = region.consistentWith(apparent);

            // Then
            double least = 2;
            double most = -1;
            for (int step = 0; step <= 20_000; step++) {
                double p = step / 20_000.0;
                double low = p * region.sensitivity().lower()
                        + (1 - p) * (1 - region.specificity().upper());
                double high = p * region.sensitivity().upper()
                        + (1 - p) * (1 - region.specificity().lower());
                if (low <= apparent.upper() && high >= apparent.lower()) {
                    least = Math.min(least, p);
                    most = Math.max(most, p);
                }
            }
            if (region.mayBeUninformative()) {
                assertEquals(new ConsistentSet.Of(Interval.ALL), set);
            } else if (set instanceof ConsistentSet.Of(Interval found) && least <= 1) {
                assertEquals(least, found.lower(), 1e-4, "case " + k + ", seed " + seed);
                assertEquals(most, found.upper(), 1e-4, "case " + k + ", seed " + seed);
            } else if (set instanceof ConsistentSet.Of(Interval found)) {
                assertTrue(found.upper() - found.lower() < 1e-4, "case " + k + ", seed " + seed);
            } else {
                assertTrue(least > 1, "case " + k + ", seed " + seed);
            }
        }
    }

    private static Interval interval(Random random, double from) {
        double a = from + (1 - from) * random.nextDouble();
        double b = from + (1 - from) * random.nextDouble();
        return new Interval(Math.min(a, b), Math.max(a, b));
    }

    @Test
    void isEmptyWhereTheModelVisiblyDoesNotFit() {
        // Given: of normal cells at least 10 % are called BLAST
        SubjectRegion region = new SubjectRegion(new Interval(0.8, 0.95), new Interval(0.7, 0.9));

        // When
        ConsistentSet set = region.consistentWith(new Interval(0, 0.05));

        // Then
        assertInstanceOf(ConsistentSet.Empty.class, set);
    }

    @Test
    void saysNothingWhereTheCallsMayBeUninformative() {
        // Given
        SubjectRegion region = new SubjectRegion(new Interval(0.4, 1), new Interval(0.6, 1));

        // When
        ConsistentSet set = region.consistentWith(new Interval(0.9, 1));

        // Then
        assertEquals(new ConsistentSet.Of(Interval.ALL), set);
    }

    /** A plug-in fit misses its tail by a multiple; the predictive one keeps it on average over fits. */
    @Test
    void predictiveTailKeepsItsProbabilityForNewSubjects() {
        // Given
        long seed = 11;
        Random random = new Random(seed);
        BetaDistribution subjects = BetaDistribution.of(8.5, 1.5);
        double tail = 0.005;

        // When
        double missed = 0;
        int fits = 25;
        for (int fit = 0; fit < fits; fit++) {
            List<SubjectCalls> calls = new ArrayList<>();
            for (int subject = 0; subject < 16; subject++) {
                double rate = subjects.inverseCumulativeProbability(random.nextDouble());
                int correct = 0;
                for (int cell = 0; cell < 150; cell++) {
                    correct += random.nextDouble() < rate ? 1 : 0;
                }
                calls.add(new SubjectCalls(correct, 150));
            }
            missed += subjects.cumulativeProbability(
                    new SubjectRate(calls).interval(tail, tail).lower());
        }

        // Then
        assertTrue(missed / fits < 2 * tail, "missed " + missed / fits + ", seed " + seed);
        assertTrue(missed / fits > tail / 5, "far too wide: missed " + missed / fits + ", seed " + seed);
    }

    @Test
    void fewSubjectsLeaveTheRateOpen() {
        // Given
        List<SubjectCalls> one = List.of(new SubjectCalls(95, 100));

        // When
        Interval interval = new SubjectRate(one).interval(0.005, 0.005);

        // Then
        assertTrue(interval.lower() < 0.05, interval.toString());
    }
}
