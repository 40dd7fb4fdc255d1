package io.leukostream.results.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.SpecimenVerdict;
import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PatientStateTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final SpecimenAssessment OLD =
            assessment("S-OLD", NOON.minus(Duration.ofDays(31)), VerdictState.BLASTS_SUSPECTED);
    private static final SpecimenAssessment NEW = assessment("S-NEW", NOON, VerdictState.BLASTS_BELOW_THRESHOLD);
    private static final VerdictPolicy MONTHLY = new VerdictPolicy(
            VerdictPolicy.DEFAULT.marrow(),
            VerdictPolicy.DEFAULT.blood(),
            0.95,
            0.5,
            0.5,
            Duration.ofDays(30),
            VerdictPolicy.DEFAULT.triage());

    @Test
    void aSpecimenBeforeThePeriodIsShownAndDoesNotCountInWhicheverOrderTheyCome() {
        for (List<SpecimenAssessment> order : List.of(List.of(OLD, NEW), List.of(NEW, OLD))) {
            // When
            PatientState patient = patient(order, MONTHLY);

            // Then
            assertEquals(VerdictState.BLASTS_BELOW_THRESHOLD, patient.state());
            assertEquals(patient(List.of(NEW), MONTHLY).evidenceHash(), patient.evidenceHash());
            Map<String, List<String>> reasons = EventRecords.verdict(patient).getSpecimens().stream()
                    .collect(Collectors.toMap(each -> each.getSpecimenId(), each -> each.getReasons()));
            assertEquals(List.of("why"), reasons.get("S-NEW"));
            assertTrue(reasons.get("S-OLD").getLast().contains("older than the period"));
        }
    }

    @Test
    void withoutAPeriodAllCountAndWithoutTheNewerOneTheOlderCountsAgain() {
        // Given
        PatientState monthly = patient(List.of(OLD, NEW), MONTHLY);

        // When
        PatientState moved = monthly.without("S-NEW", null, NOON, MONTHLY);
        PatientState all = patient(List.of(OLD, NEW), VerdictPolicy.DEFAULT);

        // Then
        assertEquals(VerdictState.BLASTS_SUSPECTED, moved.state());
        assertEquals(VerdictState.BLASTS_SUSPECTED, all.state());
    }

    private static PatientState patient(List<SpecimenAssessment> specimens, VerdictPolicy policy) {
        PatientState patient = PatientState.of("P-1");
        for (SpecimenAssessment specimen : specimens) {
            patient = patient.with(specimen, policy);
        }
        return patient;
    }

    private static SpecimenAssessment assessment(String id, Instant registeredAt, VerdictState state) {
        return new SpecimenAssessment(
                id,
                new Registration("P-1", "BONE_MARROW", "CELL", 1, registeredAt),
                new SpecimenAssessment.Counts(1, 1, 0, 0, 1, 1, 0),
                new SpecimenVerdict(state, ReviewDecision.UNDECIDED, null, 0, List.of("why"), "sha256:" + id),
                null,
                0.25,
                VerdictPolicy.DEFAULT.words("BONE_MARROW"),
                List.of(),
                null,
                0,
                new TreeMap<>(),
                NOON,
                false,
                false);
    }
}
