package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftPolicyTest {
    private static final DriftPolicy POLICY = DriftPolicy.DEFAULT;
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

    private static ScannerDay entry(
            @Nullable String scanner,
            LocalDate day,
            int specimen,
            double focus,
            double brightness,
            double probability) {
        return new ScannerDay(
                scanner,
                day,
                "S-" + specimen,
                new ScannerFigures(
                        10,
                        0,
                        20,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Math.round(focus * 10_000),
                        Math.round(brightness * 10_000),
                        Math.round(probability * 200_000)));
    }

    /** Ten specimens yesterday with brightness 90, 92, …, 108: mean 99, standard deviation √(330/9). */
    private static List<ScannerDay> yesterday() {
        List<ScannerDay> entries = new ArrayList<>();
        for (int specimen = 0; specimen < 10; specimen++) {
            entries.add(entry("a", TODAY.minusDays(1), specimen, 200, 90 + 2 * specimen, 0.5));
        }
        return entries;
    }

    @Test
    void theDistanceIsThatOfTheMeansInStandardErrors() {
        // Given
        List<ScannerDay> entries = yesterday();
        entries.add(entry("a", TODAY, 20, 200, 110, 0.5));
        entries.add(entry("a", TODAY, 21, 200, 120, 0.5));

        // When
        DriftDay day = POLICY.assess(entries).getFirst();

        // Then
        double error = Math.sqrt(330.0 / 9) * Math.sqrt(1.0 / 2 + 1.0 / 10);
        assertEquals(2, day.specimens());
        assertEquals(10, day.referenceSpecimens());
        Double brightness = day.brightness();
        assertNotNull(brightness);
        assertEquals((115 - 99) / error, brightness, 1e-9);
        assertEquals(0.0, day.focus(), 1e-3);
        assertTrue(POLICY.attention(day));
    }

    @Test
    void aDayAtTheLimitCallsForAttentionAndOneBelowDoesNot() {
        // Given
        List<ScannerDay> entries = yesterday();
        entries.add(entry("a", TODAY, 20, 200, 110, 0.5));
        DriftDay day = POLICY.assess(entries).getFirst();
        Double drift = day.drift();
        assertNotNull(drift);

        // When
        boolean at = new DriftPolicy(drift, 30, 10).attention(day);
        boolean below = new DriftPolicy(Math.nextUp(drift), 30, 10).attention(day);

        // Then
        assertTrue(at);
        assertFalse(below);
    }

    @Test
    void focusIsComparedByFactors() {
        // Given: half and double lie equally far from a reference that is symmetric by factors
        List<ScannerDay> entries = new ArrayList<>();
        for (int specimen = 0; specimen < 10; specimen++) {
            entries.add(entry("a", TODAY.minusDays(1), specimen, 200 * (specimen % 2 == 0 ? 1.25 : 0.8), 99, 0.5));
        }
        List<ScannerDay> half = new ArrayList<>(entries);
        half.add(entry("a", TODAY, 20, 100, 99, 0.5));
        List<ScannerDay> twice = new ArrayList<>(entries);
        twice.add(entry("a", TODAY, 20, 400, 99, 0.5));

        // When
        Double below = POLICY.assess(half).getFirst().focus();
        Double above = POLICY.assess(twice).getFirst().focus();

        // Then
        assertNotNull(below);
        assertNotNull(above);
        assertEquals(above, -below, 1e-9);
        assertTrue(above > 0);
    }

    @Test
    void tooFewEarlierSpecimensOrNoCellHaveNoDistance() {
        // Given
        List<ScannerDay> entries = yesterday();
        entries.removeFirst();
        entries.add(entry("a", TODAY, 20, 200, 500, 0.5));
        List<ScannerDay> noCells = yesterday();
        noCells.add(new ScannerDay(
                "a", TODAY, "S-20", new ScannerFigures(1, 0, 0, new TreeMap<>(), new TreeMap<>(), 200_000, 99_000, 0)));

        // When
        DriftDay few = POLICY.assess(entries).getFirst();
        DriftDay empty = POLICY.assess(noCells).getFirst();

        // Then
        assertNull(few.drift());
        assertFalse(POLICY.attention(few));
        assertNull(empty.blastProbability());
        assertEquals(0.0, empty.brightness());
    }

    @Test
    void scannersAndDaysOutsideTheWindowAreNotMixedIn() {
        // Given
        List<ScannerDay> entries = yesterday();
        entries.add(entry("a", TODAY, 20, 200, 99, 0.5));
        entries.add(entry("b", TODAY, 20, 200, 250, 0.5));
        entries.add(entry(null, TODAY, 20, 200, 250, 0.5));
        entries.add(entry("null", TODAY, 20, 200, 250, 0.5));
        entries.add(entry("a", TODAY.minusDays(31), 30, 200, 5000, 0.5));
        entries.add(entry("a", TODAY.plusDays(1), 30, 200, 5000, 0.5));

        // When
        List<DriftDay> days = POLICY.assess(entries);

        // Then
        DriftDay own = days.stream()
                .filter(day -> "a".equals(day.scanner()) && day.day().equals(TODAY))
                .findFirst()
                .orElseThrow();
        assertEquals(10, own.referenceSpecimens());
        assertEquals(0.0, own.brightness());
        assertEquals(7, days.size());
    }

    @Test
    void specimensThatDoNotDifferAtAllStillGiveAFiniteDistance() {
        // Given
        List<ScannerDay> entries = new ArrayList<>();
        for (int specimen = 0; specimen < 12; specimen++) {
            entries.add(entry("a", TODAY.minusDays(1), specimen, 200.1, 99.3, 0.3));
        }
        entries.add(entry("a", TODAY, 20, 200.1, 98.3, 0.3));

        // When
        DriftDay day = POLICY.assess(entries).getFirst();

        // Then
        assertEquals(0.0, day.focus(), 1e-3);
        assertEquals(-DriftPolicy.FARTHEST, day.brightness());
    }

    @Test
    void aSteadyScannerSeldomCallsThoughItsSpecimensDiffer() {
        // Given: a scanner that never changes; its specimens do, in focus by a factor e^±0.5 and in blasts from 0 to 1
        Random random = new Random(20_261_123);
        int days = 4000;
        int calls = 0;
        for (int trial = 0; trial < days; trial++) {
            List<ScannerDay> entries = new ArrayList<>();
            for (int specimen = 0; specimen < 60; specimen++) {
                entries.add(anyOf(random, TODAY.minusDays(1 + specimen % 20), specimen));
            }
            for (int specimen = 60; specimen < 65; specimen++) {
                entries.add(anyOf(random, TODAY, specimen));
            }

            // When
            calls += POLICY.attention(POLICY.assess(entries).getFirst()) ? 1 : 0;
        }

        // Then: three figures, each beyond three standard errors of a t distribution with 59 degrees in 0.4 % of days
        double share = (double) calls / days;
        assertTrue(share > 0.004 && share < 0.02, "share of days that call: " + share);
    }

    private static ScannerDay anyOf(Random random, LocalDate day, int specimen) {
        return entry(
                "a",
                day,
                specimen,
                200 * Math.exp(0.5 * random.nextGaussian()),
                99 + 15 * random.nextGaussian(),
                random.nextInt(3) == 0 ? 0.8 + 0.1 * random.nextDouble() : 0.2 * random.nextDouble());
    }

    @Test
    void theOrderOfTheEntriesIsOfNoMatter() {
        // Given
        Random random = new Random(7);
        List<ScannerDay> entries = new ArrayList<>();
        for (int specimen = 0; specimen < 40; specimen++) {
            entries.add(anyOf(random, TODAY.minusDays(specimen % 8), specimen));
        }
        List<DriftDay> expected = POLICY.assess(entries);

        for (int round = 0; round < 10; round++) {
            Collections.shuffle(entries, random);

            // When
            List<DriftDay> days = POLICY.assess(entries);

            // Then
            assertEquals(expected, days);
        }
    }

    @Test
    void figuresOfImagesAreTakenOutWithoutATrace() {
        for (long seed = 0; seed < 100; seed++) {
            // Given
            Random random = new Random(seed);
            List<ModelBundle> bundles = List.of(Cases.bundle("1.0.0", null));
            ScannerFigures one = ScannerFigures.of(Cases.random(random, "a", bundles));
            ScannerFigures other = ScannerFigures.of(Cases.random(random, "b", bundles));

            // When
            ScannerFigures both = one.plus(other);

            // Then
            assertTrue(both.hold(one), "seed " + seed);
            assertEquals(other, both.minus(one), "seed " + seed);
            assertEquals(ScannerFigures.NONE, both.minus(other).minus(one), "seed " + seed);
            assertFalse(one.hold(both), "seed " + seed);
        }
    }

    @Test
    void aPolicyThatComparesWithNothingIsRefused() {
        // Then
        assertThrows(IllegalArgumentException.class, () -> new DriftPolicy(3, 30, 1));
        assertThrows(IllegalArgumentException.class, () -> new DriftPolicy(0, 30, 10));
        assertThrows(IllegalArgumentException.class, () -> new DriftPolicy(Double.NaN, 30, 10));
    }
}
