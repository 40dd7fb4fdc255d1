package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SpecimenTallyTest {
    private static final List<ModelBundle> BUNDLES = List.of(
            Cases.bundle("1.2.0", null),
            Cases.bundle("1.10.0", Cases.steady(0.9, 0.95)),
            Cases.bundle("1.10.0-rc.1", null));

    private record Delivery(String image, UnaryOperator<ImageState> change) {}

    @Test
    void anyOrderAndAnyRepetitionGivesTheSameTally() {
        for (long seed = 0; seed < 200; seed++) {
            // Given
            Random random = new Random(seed);
            List<Delivery> deliveries = new ArrayList<>();
            for (int image = 0; image < 15; image++) {
                String content = Fingerprint.of("image " + image);
                if (random.nextInt(5) > 0) {
                    deliveries.add(new Delivery(content, ImageState::withReceipt));
                }
                int outcomes = random.nextInt(4);
                for (int k = 0; k < outcomes; k++) {
                    ImageOutcome outcome = Cases.random(random, content, BUNDLES);
                    deliveries.add(new Delivery(content, state -> state.withOutcome(outcome)));
                }
            }
            SpecimenTally expected = tally(deliveries);
            List<Delivery> disturbed = new ArrayList<>(deliveries);
            for (Delivery delivery : deliveries) {
                if (random.nextBoolean()) {
                    disturbed.add(delivery);
                }
            }
            Collections.shuffle(disturbed, random);

            // When
            SpecimenTally tally = tally(disturbed);

            // Then
            assertEquals(expected, tally, "seed " + seed);
        }
    }

    private static SpecimenTally tally(List<Delivery> deliveries) {
        Map<String, ImageState> images = new HashMap<>();
        SpecimenTally tally = SpecimenTally.EMPTY;
        for (Delivery delivery : deliveries) {
            ImageState before = images.getOrDefault(delivery.image(), ImageState.UNKNOWN);
            ImageState after = delivery.change().apply(before);
            tally = tally.replace(before, after);
            images.put(delivery.image(), after);
        }
        return tally;
    }

    @Test
    void theOutcomeThatCountsIsChosenByAttemptThenClassifiedThenVersion() {
        // Given
        String content = Fingerprint.of("image");
        ImageOutcome oldBundle = new ImageOutcome.Classified(1, content, Cases.bundle("1.9.0", null), List.of());
        ImageOutcome newBundle = new ImageOutcome.Classified(1, content, Cases.bundle("1.10.0", null), List.of());
        ImageOutcome release = new ImageOutcome.Classified(1, content, Cases.bundle("2.0.0", null), List.of());
        ImageOutcome candidate = new ImageOutcome.Classified(1, content, Cases.bundle("2.0.0-rc.2", null), List.of());
        ImageOutcome rejected = new ImageOutcome.Rejected(1, content, "IMAGE_TRUNCATED", "9.0.0", "f");
        ImageOutcome again = new ImageOutcome.Rejected(2, content, "IMAGE_TRUNCATED", "1.0.0", "f");
        List<ImageOutcome> outcomes =
                new ArrayList<>(List.of(again, rejected, release, candidate, newBundle, oldBundle));

        // When
        outcomes.sort(ImageOutcome.ORDER);

        // Then
        assertEquals(List.of(rejected, oldBundle, newBundle, candidate, release, again), outcomes);
    }

    @Test
    void typesAreCountedForCellsThatCountAndAreNoEvidence() {
        // Given
        ModelBundle bundle = Cases.bundle("1.0.0", null);
        ImageOutcome typed = new ImageOutcome.Classified(
                1,
                "a",
                bundle,
                List.of(
                        new CellCall(new Box(0, 0, 9, 9), true, 9000, null, "BLAST", false),
                        new CellCall(new Box(10, 0, 9, 9), false, 100, null, "LYMPHOCYTE", true),
                        new CellCall(new Box(20, 0, 9, 9), false, 100, null, null, false),
                        new CellCall(new Box(30, 0, 9, 9), false, 100, "SMUDGE", "LYMPHOCYTE", false),
                        new CellCall(new Box(40, 0, 9, 9), false, 100, "TOUCHES_BORDER", "MONOCYTE", false),
                        new CellCall(new Box(50, 0, 9, 9), false, 100, "SIZE_OUT_OF_RANGE", "MONOCYTE", false)));
        ImageState state = ImageState.UNKNOWN.withOutcome(typed);

        // When
        SpecimenTally tally = SpecimenTally.EMPTY.replace(ImageState.UNKNOWN, state);

        // Then
        assertEquals(Map.of("BLAST", 1, "LYMPHOCYTE", 1), tally.types());
        assertEquals(3, tally.counted());
        assertEquals(1, tally.doubtful());
        assertEquals(3, tally.gated());
        assertEquals(Map.of("SMUDGE", 1), tally.qualityGated());
        assertEquals(0, tally.withoutCell());
        assertEquals(SpecimenTally.EMPTY, tally.replace(state, ImageState.UNKNOWN));
        ImageOutcome other = new ImageOutcome.Classified(
                1, "a", bundle, List.of(new CellCall(new Box(0, 0, 9, 9), true, 9000, null, "BLAST", true)));
        ImageOutcome untyped = new ImageOutcome.Classified(
                1, "a", bundle, List.of(new CellCall(new Box(0, 0, 9, 9), true, 9000, null)));
        assertEquals(other.digest(), untyped.digest());
    }

    @Test
    void ofOutcomesThatOnlyShowOtherThingsTheEarliestDayCountsWhicheverCameFirst() {
        // Given
        ModelBundle bundle = Cases.bundle("1.0.0", null);
        List<ImageOutcome> same = new ArrayList<>();
        for (int day = 21; day <= 23; day++) {
            for (String type : List.of("BLAST", "LYMPHOCYTE")) {
                same.add(new ImageOutcome.Classified(
                        1,
                        "a",
                        bundle,
                        List.of(new CellCall(new Box(0, 0, 9, 9), true, 9000, null, type, false)),
                        new ImageOutcome.Origin(null, LocalDate.of(2026, 11, day)),
                        new ImageForm("BONE_MARROW", "CELL"),
                        200,
                        90));
            }
        }
        same.add(new ImageOutcome.Classified(
                1, "a", bundle, List.of(new CellCall(new Box(0, 0, 9, 9), true, 9000, null))));
        ImageState expected = same.stream().reduce(ImageState.UNKNOWN, ImageState::withOutcome, (l, r) -> r);

        for (long seed = 0; seed < 20; seed++) {
            Collections.shuffle(same, new Random(seed));

            // When
            ImageState state = same.stream().reduce(ImageState.UNKNOWN, ImageState::withOutcome, (l, r) -> r);

            // Then
            assertEquals(expected, state, "seed " + seed);
            ImageOutcome outcome = state.outcome();
            assertNotNull(outcome);
            assertEquals(new ImageOutcome.Origin(null, LocalDate.of(2026, 11, 21)), outcome.origin());
        }
    }

    @Test
    void anotherProbabilityIsOtherEvidence() {
        // Given
        ModelBundle bundle = Cases.bundle("1.0.0", null);
        CellCall call = new CellCall(new Box(1, 2, 3, 4), true, 7000, null);
        CellCall other = new CellCall(new Box(1, 2, 3, 4), true, 7001, null);

        // When
        String digest = new ImageOutcome.Classified(1, "a", bundle, List.of(call)).digest();
        String otherDigest = new ImageOutcome.Classified(1, "a", bundle, List.of(other)).digest();

        // Then
        assertNotEquals(digest, otherDigest);
    }
}
