package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.domain.Triage.Level;
import io.leukostream.results.domain.Triage.LikelihoodRatio;
import io.leukostream.results.domain.Triage.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TriagePolicyTest {
    private static final VerdictPolicy POLICY = VerdictPolicy.DEFAULT;
    private static final SubjectRegions REGIONS = new SubjectRegions();

    /** Thirteen normal marrows, two of them blast-like, and twelve leukaemic ones. */
    private static final OperatingCharacteristics KNOWN = new OperatingCharacteristics(
            calls(95, 90, 88, 85, 82, 80, 78, 96, 97, 91, 70, 60),
            calls(98, 97, 96, 95, 94, 93, 92, 91, 90, 88, 81, 65, 40),
            1.5);

    private static final ModelBundle BUNDLE = Cases.bundle("1.0.0", KNOWN);

    private static List<SubjectCalls> calls(int... correct) {
        List<SubjectCalls> calls = new ArrayList<>();
        for (int each : correct) {
            calls.add(new SubjectCalls(each, 100));
        }
        return calls;
    }

    private static Triage triage(int cells, int blasts) {
        return triage(Cases.tally(cells, blasts, BUNDLE), POLICY);
    }

    private static Triage triage(SpecimenTally tally, VerdictPolicy policy) {
        return policy.triage("BONE_MARROW", "CELL", tally, REGIONS);
    }

    @Test
    void aMarrowUnlikeTheNormalOnesIsUrgentAndOneLikeThemRoutine() {
        // When
        Triage leukaemic = triage(70, 66);
        Triage normal = triage(70, 4);

        // Then
        assertEquals(Level.URGENT, leukaemic.level());
        assertEquals(Reason.UNLIKE_NORMAL, leukaemic.reason());
        assertEquals(Level.ROUTINE, normal.level());
        assertEquals(Reason.LIKE_NORMAL, normal.reason());
        assertTrue(ratio(leukaemic).value() > 10 && ratio(normal).value() < 0.1, leukaemic + ", " + normal);
        assertEquals(13, leukaemic.normal());
        assertEquals(12, leukaemic.leukaemic());
        assertEquals(70, leukaemic.cells());
        assertEquals(0.2, leukaemic.falseAlarmRate());
        assertTrue(Triage.URGENCY.compare(leukaemic, normal) > 0);
    }

    @Test
    void noPValueFallsBelowWhatSoManySubjectsCanShow() {
        for (int blasts = 0; blasts <= 400; blasts += 20) {
            // When
            Triage triage = triage(400, blasts);

            // Then
            assertTrue(Objects.requireNonNull(triage.pNormal()) >= 1 / 14.0 - 1e-4, triage.toString());
            assertTrue(Objects.requireNonNull(triage.pLeukaemia()) >= 1 / 13.0 - 1e-4, triage.toString());
        }
        assertEquals(0.0714, triage(400, 390).pNormal());
        assertEquals(1.0, triage(400, 0).pNormal());
    }

    @Test
    void whatIsBetweenIsElevatedAndMoreBlastsNeverLowerALevel() {
        // Given
        assertEquals(Level.ELEVATED, triage(70, 34).level());
        for (int cells : new int[] {10, 25, 70, 200}) {
            Level last = Level.ROUTINE;
            for (int blasts = 0; blasts <= cells; blasts++) {
                // When
                Level level = triage(cells, blasts).level();

                // Then
                assertTrue(level.compareTo(last) >= 0, blasts + " of " + cells + ": " + level + " after " + last);
                last = level;
            }
            assertEquals(Level.URGENT, last, cells + " of " + cells);
        }
    }

    @Test
    void whereNothingCanBeSaidItIsUnrankedWithTheReason() {
        // Given
        SpecimenTally misfit = Cases.tally(60, 60, BUNDLE)
                .replace(
                        ImageState.UNKNOWN,
                        ImageState.UNKNOWN.withOutcome(new ImageOutcome.Classified(
                                1, "other", BUNDLE, List.of(), null, new ImageForm("PERIPHERAL_BLOOD", "CELL"), 1, 1)));
        OperatingCharacteristics few = new OperatingCharacteristics(calls(90, 80, 85), calls(95, 96, 97), 1);

        // Then
        assertUnranked(Reason.TOO_FEW_CELLS, triage(9, 9));
        assertUnranked(Reason.TOO_FEW_CELLS, triage(SpecimenTally.EMPTY, POLICY));
        assertUnranked(Reason.WITHHELD, triage(misfit, POLICY));
        assertUnranked(Reason.NO_REFERENCES, triage(Cases.tally(60, 60, Cases.bundle("2.0.0", null)), POLICY));
        assertUnranked(Reason.TOO_FEW_REFERENCES, triage(Cases.tally(60, 60, Cases.bundle("3.0.0", few)), POLICY));
        assertTrue(
                Level.UNRANKED.compareTo(Level.ROUTINE) > 0, "it never sinks below what was found to be like normal");
    }

    private static void assertUnranked(Reason reason, Triage triage) {
        assertEquals(Level.UNRANKED, triage.level());
        assertEquals(reason, triage.reason());
        assertNull(triage.pNormal());
        assertNull(triage.likelihoodRatio());
        assertNull(triage.falseAlarmRate());
    }

    @Test
    void itDecidesNoStateAndIsPartOfThePolicy() {
        // Given
        VerdictPolicy other = new VerdictPolicy(
                POLICY.marrow(), POLICY.blood(), 0.95, 0.5, 0.5, null, new TriagePolicy(0.1, 0.1, 10));
        SpecimenTally tally = Cases.tally(70, 66, BUNDLE);

        // When
        SpecimenVerdict here = POLICY.assess("BONE_MARROW", "CELL", tally, Review.NONE, REGIONS);
        SpecimenVerdict there = other.assess("BONE_MARROW", "CELL", tally, Review.NONE, REGIONS);

        // Then
        assertEquals(VerdictState.INDETERMINATE, here.state());
        assertEquals(here.state(), there.state());
        assertNotEquals(here.evidenceHash(), there.evidenceHash());
        assertNotEquals(POLICY.words("BONE_MARROW"), other.words("BONE_MARROW"));
    }

    @Test
    void theOrderOfTheImagesChangesNothing() {
        // Given
        Random random = new Random(17);
        List<ImageOutcome> outcomes = new ArrayList<>();
        for (int k = 0; k < 120; k++) {
            outcomes.add(Cases.random(random, Fingerprint.of("content " + k), List.of(BUNDLE)));
        }

        // When
        List<Triage> triages = Stream.generate(() -> {
                    Collections.shuffle(outcomes, random);
                    SpecimenTally tally = SpecimenTally.EMPTY;
                    for (ImageOutcome outcome : outcomes) {
                        tally = tally.replace(ImageState.UNKNOWN, ImageState.UNKNOWN.withOutcome(outcome));
                    }
                    return triage(tally, POLICY);
                })
                .limit(5)
                .distinct()
                .toList();

        // Then
        assertEquals(1, triages.size(), triages.toString());
    }

    @Test
    void ofNewNormalSubjectsNoMoreThanIsStatedEverBecomeUrgentHoweverOftenOneLooks() {
        // Given: subjects and references of one population, a subject's cells in runs that share their luck
        SplittableRandom random = new SplittableRandom(20_261_201);
        int subjects = 3_000;
        int alarms = 0;

        // When
        for (int subject = 0; subject < subjects; subject++) {
            List<SubjectCalls> normal = new ArrayList<>();
            for (int k = 0; k < 15; k++) {
                int called = called(share(random), 100, random)[100];
                normal.add(new SubjectCalls(100 - called, 100));
            }
            OperatingCharacteristics characteristics = new OperatingCharacteristics(KNOWN.sensitivity(), normal, 1.8);
            int[] called = called(share(random), 300, random);
            boolean alarmed = false;
            for (int cells = 10; cells <= 300 && !alarmed; cells += cells < 60 ? 1 : 10) {
                alarmed = POLICY.triage().level(called[cells], cells, characteristics) == Level.URGENT;
            }
            alarms += alarmed ? 1 : 0;
        }

        // Then
        double rate = (double) alarms / subjects;
        System.out.printf("Triage: %d of %d normal subjects ever became URGENT, 20 %% are stated%n", alarms, subjects);
        assertTrue(rate <= 0.2, alarms + " of " + subjects);
        assertTrue(rate > 0.02, "the simulation raises none: it would not find one too many either");
    }

    /** A normal subject's share of cells called BLAST: most low, some high. */
    private static double share(SplittableRandom random) {
        double u = random.nextDouble();
        return 0.02 + 0.6 * u * u * u;
    }

    /** How many of the first 0, 1, … cells are called BLAST, in runs of five of which each cell shares the luck by 0.45. */
    private static int[] called(double share, int cells, SplittableRandom random) {
        int[] called = new int[cells + 1];
        double ofRun = 0;
        for (int k = 0; k < cells; k++) {
            ofRun = k % 5 == 0 ? random.nextDouble() : ofRun;
            double luck = random.nextDouble() < 0.45 ? ofRun : random.nextDouble();
            called[k + 1] = called[k] + (luck < share ? 1 : 0);
        }
        return called;
    }

    private static LikelihoodRatio ratio(Triage triage) {
        return Objects.requireNonNull(triage.likelihoodRatio());
    }
}
