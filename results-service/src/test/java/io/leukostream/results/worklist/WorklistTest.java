package io.leukostream.results.worklist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.events.AlertEvent;
import io.leukostream.events.CellCounts;
import io.leukostream.events.ImageCounts;
import io.leukostream.events.PatientVerdict;
import io.leukostream.events.SpecimenVerdict;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.VerdictState;
import io.leukostream.results.topology.StoresNotReady;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorklistTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final Worklist worklist = new Worklist();

    private static SpecimenVerdict specimen(String id, VerdictState state) {
        return SpecimenVerdict.newBuilder()
                .setSpecimenId(id)
                .setSpecimenType("BONE_MARROW")
                .setKind("FIELD")
                .setState(state.name())
                .setImages(new ImageCounts(1, 1, 0, 0))
                .setCells(new CellCounts(100, 50, 0, 0))
                .setThreshold(0.25)
                .setReasons(List.of("because"))
                .setEvidenceHash("sha256:00")
                .build();
    }

    private static PatientVerdict verdict(String patientId, Instant at, SpecimenVerdict... specimens) {
        return PatientVerdict.newBuilder()
                .setPatientId(patientId)
                .setState(VerdictState.mostSevere(Stream.of(specimens)
                                .map(each -> VerdictState.valueOf(each.getState()))
                                .toList())
                        .name())
                .setEvidenceHash("sha256:00")
                .setUpdatedAt(at)
                .setResearchUseOnly(true)
                .setSpecimens(List.of(specimens))
                .build();
    }

    private static AlertEvent step(int number, Alert.State state, Instant at, String by) {
        return AlertEvent.newBuilder()
                .setAlertId("P-A." + number)
                .setPatientId("P-A")
                .setNumber(number)
                .setState(state.name())
                .setVerdictState("BLASTS_SUSPECTED")
                .setEvidenceHash("sha256:00")
                .setRaisedAt(NOON)
                .setDueAt(NOON.plusSeconds(1800))
                .setAcknowledgedBy(by)
                .setAt(at)
                .build();
    }

    private List<String> shown(VerdictState state, String fragment, int skipped, int most) {
        return worklist.patients(state, null, fragment, skipped, most).stream()
                .map(PatientSummary::patientId)
                .toList();
    }

    @Test
    void sayNothingBeforeEverythingIsReadIn() {
        // Given
        worklist.told(verdict("P-A", NOON, specimen("S-A", VerdictState.INDETERMINATE)));

        // When, Then
        assertThrows(StoresNotReady.class, () -> worklist.patients(null, null, "", 0, 10));
        assertThrows(StoresNotReady.class, worklist::counts);
        assertThrows(StoresNotReady.class, () -> worklist.alerts(null, 0, 10));
    }

    @Test
    void isTheSortedListOfTheNewestVerdictsWhateverCameBefore() {
        // Given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, PatientVerdict> newest = new TreeMap<>();
        VerdictState[] states = VerdictState.values();

        // When
        for (int told = 0; told < 3000; told++) {
            String patientId = "P-" + random.nextInt(200);
            SpecimenVerdict[] specimens = new SpecimenVerdict[random.nextInt(4)];
            for (int k = 0; k < specimens.length; k++) {
                specimens[k] = specimen("S-" + patientId + "-" + k, states[random.nextInt(states.length)]);
            }
            PatientVerdict verdict = verdict(patientId, NOON.plusSeconds(random.nextInt(50)), specimens);
            newest.put(patientId, verdict);
            worklist.told(verdict);
        }
        worklist.completed();

        // Then
        List<PatientVerdict> expected = new ArrayList<>(newest.values().stream()
                .filter(verdict -> !verdict.getSpecimens().isEmpty())
                .toList());
        expected.sort(Comparator.comparing((PatientVerdict verdict) -> VerdictState.valueOf(verdict.getState()))
                .reversed()
                .thenComparing(PatientVerdict::getUpdatedAt, Comparator.reverseOrder())
                .thenComparing(PatientVerdict::getPatientId));
        assertEquals(
                expected.stream().map(PatientVerdict::getPatientId).toList(), shown(null, "", 0, 1000), "seed " + seed);
        Map<VerdictState, Integer> counts = new EnumMap<>(VerdictState.class);
        expected.forEach(verdict -> counts.merge(VerdictState.valueOf(verdict.getState()), 1, Integer::sum));
        Map<VerdictState, Integer> kept = worklist.counts();
        kept.values().removeIf(count -> count == 0);
        assertEquals(counts, kept, "seed " + seed);
    }

    @Test
    void findsByStateAndFragmentPageByPage() {
        // Given
        worklist.told(verdict("P-ONE", NOON, specimen("S-1", VerdictState.BLASTS_SUSPECTED)));
        worklist.told(verdict(
                "P-TWO",
                NOON.plusSeconds(1),
                specimen("S-2", VerdictState.INDETERMINATE),
                specimen("S-3", VerdictState.BLASTS_SUSPECTED)));
        worklist.told(verdict("P-THREE", NOON, specimen("S-4", VerdictState.INDETERMINATE)));

        // When
        worklist.completed();

        // Then
        assertEquals(List.of("P-TWO", "P-ONE", "P-THREE"), shown(null, "", 0, 10));
        assertEquals(List.of("P-ONE"), shown(null, "", 1, 1));
        assertEquals(List.of("P-TWO", "P-ONE"), shown(VerdictState.BLASTS_SUSPECTED, "", 0, 10));
        assertEquals(List.of("P-TWO"), shown(null, "S-2", 0, 10));
        assertEquals(List.of("P-TWO", "P-THREE"), shown(null, "P-T", 0, 10));
        assertEquals(List.of(), shown(VerdictState.WITHHELD, "", 0, 10));
        assertEquals(
                "S-3",
                worklist.patients(null, null, "P-TWO", 0, 1)
                        .getFirst()
                        .mostSevere()
                        .getSpecimenId());
    }

    @Test
    void anAlertIsWhatItsStepsSay() {
        // Given
        worklist.told(step(1, Alert.State.RAISED, NOON, null));
        worklist.told(step(1, Alert.State.ESCALATED, NOON.plusSeconds(1800), null));
        worklist.told(step(1, Alert.State.ACKNOWLEDGED, NOON.plusSeconds(1900), "Dr Ada"));
        worklist.completed();
        Alert acknowledged = worklist.openAlert("P-A").orElseThrow();

        // When
        worklist.told(step(1, Alert.State.SUPERSEDED, NOON.plusSeconds(2000), "Dr Ada"));
        worklist.told(step(2, Alert.State.RAISED, NOON.plusSeconds(3000), null));

        // Then
        assertTrue(acknowledged.escalated());
        assertEquals("Dr Ada", acknowledged.acknowledgedBy());
        assertEquals(NOON.plusSeconds(1900), acknowledged.acknowledgedAt());
        assertFalse(acknowledged.awaitsAcknowledgement());
        assertEquals(2, worklist.openAlert("P-A").orElseThrow().number());
        assertEquals(
                List.of(2, 1),
                worklist.alerts(null, 0, 10).stream().map(Alert::number).toList());
        Alert superseded = worklist.alerts(Alert.State.SUPERSEDED, 0, 10).getFirst();
        assertEquals(NOON.plusSeconds(1900), superseded.acknowledgedAt());
        assertTrue(superseded.escalated());
        assertTrue(worklist.openAlert("P-B").isEmpty());
    }
}
