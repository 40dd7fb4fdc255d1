package io.leukostream.results.shadow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.events.ImageClassified;
import io.leukostream.results.Ward;
import io.leukostream.results.domain.ImageState;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.SpecimenTally;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import io.leukostream.results.topology.ImageEntry;
import io.leukostream.results.topology.SpecimenSums;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShadowComparisonTest {
    private static final int CELLS = 300;
    private static final Ward ANNA = new Ward("P-AAAAAAAA", "S-AAAAAAAA", "BONE_MARROW");
    private static final Ward BERTA = new Ward("P-BBBBBBBB", "S-BBBBBBBB", "BONE_MARROW");

    private final ShadowComparison comparison = new ShadowComparison(VerdictPolicy.DEFAULT);

    @Test
    void aPatientWhoseVerdictWouldBeAnotherIsListedWithBothStates() {
        // Given: both bundles agree on one patient, on the other the shadow calls nine in ten cells blasts
        Map<String, ImageClassified> shadow = new HashMap<>();
        calls(ANNA, cell -> cell % 10 != 0).forEach(outcome -> shadow.put(outcome.getImageId(), outcome));
        calls(BERTA, cell -> false).forEach(outcome -> shadow.put(outcome.getImageId(), outcome));

        // When
        ShadowComparison.Result result =
                compare(Stream.of(specimen(ANNA, cell -> false), specimen(BERTA, cell -> false)), shadow);

        // Then
        assertEquals(2, result.patientsCompared());
        assertEquals(2 * CELLS, result.cells());
        assertEquals(CELLS * 9 / 10, result.calledDifferently());
        assertTrue(result.notCompared().isEmpty());
        assertEquals(1, result.differing().size());
        ShadowComparison.Differing differing = result.differing().getFirst();
        assertEquals("P-AAAAAAAA", differing.patientId());
        assertEquals(VerdictState.BLASTS_BELOW_THRESHOLD, differing.state());
        assertEquals(VerdictState.BLASTS_SUSPECTED, differing.shadowState());
        assertEquals(0.9, differing.specimens().getFirst().shadowApparent());
    }

    @Test
    void aPatientOfWhomTheShadowMissedAnImageIsNamedAndNotCompared() {
        // Given
        Map<String, ImageClassified> shadow = new HashMap<>();
        calls(ANNA, cell -> true).forEach(outcome -> shadow.put(outcome.getImageId(), outcome));
        shadow.remove(ANNA.imageId(7));

        // When
        ShadowComparison.Result result = compare(Stream.of(specimen(ANNA, cell -> false)), shadow);

        // Then
        assertEquals(0, result.patientsCompared());
        assertEquals(List.of(new ShadowComparison.NotCompared("P-AAAAAAAA", CELLS, 1)), result.notCompared());
        assertTrue(result.differing().isEmpty());
    }

    private ShadowComparison.Result compare(
            Stream<ShadowComparison.Specimen> specimens, Map<String, ImageClassified> shadow) {
        ShadowComparison.Running running = comparison.begin();
        specimens.forEach(specimen -> running.add(Stream.of(specimen), shadow));
        return running.result();
    }

    private static List<ImageClassified> calls(Ward ward, IntPredicate blast) {
        return IntStream.range(0, CELLS)
                .mapToObj(cell -> (ImageClassified)
                        ward.classified(cell, blast.test(cell)).value())
                .toList();
    }

    private static ShadowComparison.Specimen specimen(Ward ward, IntPredicate blast) {
        Map<String, ImageEntry> images = new HashMap<>();
        calls(ward, blast).forEach(outcome -> images.put(outcome.getImageId(), new ImageEntry(null, outcome, null)));
        SpecimenTally tally = images.values().stream()
                .reduce(SpecimenTally.EMPTY, (sum, image) -> sum.replace(ImageState.UNKNOWN, image.state()), (a, b) -> {
                    throw new IllegalStateException("one after the other");
                });
        Registration registration = new Registration(ward.patientId(), ward.specimenType(), "CELL", 1);
        return new ShadowComparison.Specimen(
                ward.specimenId(), new SpecimenSums(registration, new TreeSet<>(), tally, 0), images, List.of());
    }
}
