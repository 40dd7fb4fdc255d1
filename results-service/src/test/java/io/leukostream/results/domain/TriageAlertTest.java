package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.leukostream.results.domain.AlertLoop.Result;
import io.leukostream.results.domain.AlertLoop.Standing;
import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import io.leukostream.results.domain.Triage.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Alerts about the triage. */
class TriageAlertTest {
    private static final AlertRule FIRST = AlertRule.within(Duration.ofMinutes(10));
    private static final AlertRule LATER = AlertRule.within(Duration.ofMinutes(20));
    private static final AlertRule URGENCY = AlertRule.within(Duration.ofMinutes(60));
    private static final AlertLoop LOOP = new AlertLoop(FIRST, LATER, URGENCY);
    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final Standing URGENT = standing(Level.URGENT, ReviewDecision.UNDECIDED, true);
    /** Was urgent. */
    private static final Standing ELEVATED = standing(Level.ELEVATED, ReviewDecision.UNDECIDED, true);

    private static final Standing ROUTINE = standing(Level.ROUTINE, ReviewDecision.UNDECIDED, false);
    private static final Standing CLEARED = standing(Level.URGENT, ReviewDecision.BELOW, false);
    private static final Standing SUSPECTED =
            new Standing(VerdictState.BLASTS_SUSPECTED, ReviewDecision.SUSPECTED, true, Level.URGENT, false);

    private static Standing standing(Level level, ReviewDecision decision, boolean urgency) {
        return new Standing(VerdictState.INDETERMINATE, decision, false, level, urgency);
    }

    /** All steps that a verdict leads to, as the patient's keeper asks for them. */
    private static List<Alert> steps(AlertLoop loop, @Nullable Alert last, Standing standing) {
        List<Alert> steps = new ArrayList<>();
        Alert alert = last;
        while (loop.onVerdict("P-1234", alert, Map.of("S-1", standing), "sha256:a", NOON)
                instanceof Result.Step(Alert next)) {
            steps.add(next);
            alert = next;
        }
        return steps;
    }

    private static Alert raised() {
        List<Alert> steps = steps(LOOP, null, URGENT);
        assertEquals(1, steps.size());
        return steps.getFirst();
    }

    @Test
    void isRaisedOnceByItsOwnRuleAndReadBackWithTheVerdictsState() {
        // When
        Alert alert = raised();

        // Then
        assertEquals(Alert.Kind.TRIAGE_URGENT, alert.kind());
        assertEquals(VerdictState.INDETERMINATE, alert.verdictState());
        assertEquals(NOON.plus(Duration.ofMinutes(60)), alert.dueAt());
        assertEquals(List.of(), steps(LOOP, alert, URGENT));
        assertEquals(List.of(), steps(LOOP, alert, ELEVATED), "a slide does not end it");
        assertEquals(AlertLoop.ReadBack.ACCEPTED, AlertLoop.judge(alert, "P-1234", "INDETERMINATE"));
    }

    @Test
    void endsByAReviewOrWhereTheCallsSayTheOpposite() {
        // When
        List<Alert> reviewed = steps(LOOP, raised(), CLEARED);
        List<Alert> routine = steps(LOOP, raised(), ROUTINE);

        // Then
        assertEquals(1, reviewed.size());
        assertEquals(Alert.State.SUPERSEDED, reviewed.getFirst().state());
        assertEquals(
                "A reviewer's labels of cells drawn at random lie below the threshold.",
                reviewed.getFirst().reason());
        assertEquals(
                "With more cells the model's calls are like those of normal specimens.",
                routine.getFirst().reason());
    }

    @Test
    void aSuspicionTakesItsPlaceByTheRuleOfAFirstOne() {
        // When
        List<Alert> steps = steps(LOOP, raised(), SUSPECTED);

        // Then
        assertEquals(2, steps.size());
        assertEquals(Alert.State.SUPERSEDED, steps.get(0).state());
        assertEquals(
                "The verdict is BLASTS_SUSPECTED: alert 2 of this patient takes its place.",
                steps.get(0).reason());
        assertEquals(Alert.Kind.BLASTS_SUSPECTED, steps.get(1).kind());
        assertEquals(2, steps.get(1).number());
        assertEquals(NOON.plus(Duration.ofMinutes(10)), steps.get(1).dueAt(), "it is the first suspicion");
        Alert cleared = steps(LOOP, steps.get(1), CLEARED).getFirst();
        Alert again = steps(LOOP, cleared, SUSPECTED).getFirst();
        assertEquals(NOON.plus(Duration.ofMinutes(20)), again.dueAt(), "and this the second");
    }

    @Test
    void closedByAPersonItIsNotRaisedAgainAndASuspicionIs() {
        // Given
        Alert read = step(LOOP.onAcknowledgement(raised(), "Ada", "P-1234", "INDETERMINATE", NOON));
        Alert closed = step(LOOP.onClosure(read, "Ada", "looked at", NOON));

        // When
        List<Alert> urgent = steps(LOOP, closed, URGENT);
        List<Alert> suspected = steps(LOOP, closed, SUSPECTED);

        // Then
        assertEquals(List.of(), urgent);
        assertEquals(Alert.Kind.BLASTS_SUSPECTED, suspected.getFirst().kind());
    }

    @Test
    void aSiteThatWantsNoneHasNone() {
        // When, Then
        assertEquals(List.of(), steps(new AlertLoop(FIRST, LATER), null, URGENT));
        assertEquals(List.of(), steps(LOOP, null, ROUTINE));
    }

    private static Alert step(Result result) {
        return assertInstanceOf(Result.Step.class, result).alert();
    }
}
