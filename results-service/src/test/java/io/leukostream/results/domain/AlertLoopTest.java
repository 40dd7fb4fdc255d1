package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.leukostream.results.domain.AlertLoop.Result;
import io.leukostream.results.domain.AlertLoop.Standing;
import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertLoopTest {
    private static final AlertLoop LOOP = new AlertLoop(Duration.ofMinutes(30));
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Standing SUSPECTED = new Standing(VerdictState.BLASTS_SUSPECTED, ReviewDecision.UNDECIDED);
    private static final Standing OPEN = new Standing(VerdictState.INDETERMINATE, ReviewDecision.UNDECIDED);
    private static final Standing BELOW = new Standing(VerdictState.BLASTS_BELOW_THRESHOLD, ReviewDecision.UNDECIDED);

    private static Alert raised() {
        return step(LOOP.onVerdict("P-1234", null, Map.of("S-1", SUSPECTED), "sha256:a", NOON));
    }

    private static Alert step(Result result) {
        return assertInstanceOf(Result.Step.class, result).alert();
    }

    @Test
    void isRaisedOnceAnEpisodeHoweverTheVerdictSlides() {
        // Given
        Alert alert = raised();

        // When
        Result slid = LOOP.onVerdict("P-1234", alert, Map.of("S-1", OPEN), "sha256:b", NOON.plusSeconds(1));
        Result again = LOOP.onVerdict("P-1234", alert, Map.of("S-1", SUSPECTED), "sha256:c", NOON.plusSeconds(2));

        // Then
        assertEquals(1, alert.number());
        assertEquals(NOON.plus(Duration.ofMinutes(30)), alert.dueAt());
        assertInstanceOf(Result.Unchanged.class, slid);
        assertInstanceOf(Result.Unchanged.class, again);
    }

    @Test
    void isSupersededBelowTheThresholdAndRaisedAnewUnderTheNextNumber() {
        // Given
        Alert alert = raised();

        // When
        Alert superseded = step(LOOP.onVerdict("P-1234", alert, Map.of("S-1", BELOW), "sha256:b", NOON.plusSeconds(1)));
        Alert next =
                step(LOOP.onVerdict("P-1234", superseded, Map.of("S-1", SUSPECTED), "sha256:c", NOON.plusSeconds(2)));

        // Then
        assertEquals(Alert.State.SUPERSEDED, superseded.state());
        assertEquals("The fraction of blasts lies below the threshold.", superseded.reason());
        assertEquals(2, next.number());
        assertEquals("P-1234.2", next.id());
    }

    @Test
    void isNotSupersededWhileOneOfItsSpecimensIsOpen() {
        // Given
        Alert first = raised();
        Alert both = assertInstanceOf(
                        Result.Remembered.class,
                        LOOP.onVerdict("P-1234", first, Map.of("S-1", SUSPECTED, "S-2", SUSPECTED), "sha256:b", NOON))
                .alert();

        // When
        Result result = LOOP.onVerdict("P-1234", both, Map.of("S-1", BELOW, "S-2", OPEN), "sha256:c", NOON);

        // Then
        assertInstanceOf(Result.Unchanged.class, result);
    }

    @Test
    void aReviewBelowTheThresholdSupersedesWhereThereIsNoAllClear() {
        // Given
        Alert alert = raised();
        Standing blood = new Standing(VerdictState.INDETERMINATE, ReviewDecision.BELOW);

        // When
        Alert superseded = step(LOOP.onVerdict("P-1234", alert, Map.of("S-1", blood), "sha256:b", NOON));

        // Then
        assertEquals(Alert.State.SUPERSEDED, superseded.state());
        assertEquals("A reviewer's labels of cells drawn at random lie below the threshold.", superseded.reason());
    }

    @Test
    void escalatesOnceAtItsTime() {
        // Given
        Alert alert = raised();

        // When
        Result early = LOOP.onTime(alert, alert.dueAt().minusMillis(1));
        Alert escalated = step(LOOP.onTime(alert, alert.dueAt()));
        Result twice = LOOP.onTime(escalated, alert.dueAt().plusSeconds(60));

        // Then
        assertInstanceOf(Result.Unchanged.class, early);
        assertEquals(Alert.State.ESCALATED, escalated.state());
        assertInstanceOf(Result.Unchanged.class, twice);
    }

    @Test
    void isAcknowledgedByTheRightReadBackOnly() {
        // Given
        Alert alert = step(LOOP.onDelivery(raised(), "STREAM", NOON.plusSeconds(1)));

        // When
        Result wrong = LOOP.onAcknowledgement(alert, "Dr Ada", "P-9999", "BLASTS_SUSPECTED", NOON.plusSeconds(2));
        Alert right = step(LOOP.onAcknowledgement(alert, "Dr Ada", "P-1234", "BLASTS_SUSPECTED", NOON.plusSeconds(3)));

        // Then
        assertEquals(Alert.State.NOTIFIED, alert.state());
        assertInstanceOf(Result.Unchanged.class, wrong);
        assertEquals(Alert.State.ACKNOWLEDGED, right.state());
        assertEquals("Dr Ada", right.acknowledgedBy());
        assertInstanceOf(Result.Unchanged.class, LOOP.onTime(right, NOON.plus(Duration.ofDays(1))));
        assertEquals(AlertLoop.ReadBack.ALERT_CHANGED, AlertLoop.judge(right, "P-1234", "BLASTS_SUSPECTED"));
    }

    @Test
    void auditLinksHoldTheHashOfTheOneBefore() {
        // Given
        AuditLink first = new AuditLink("P-1234", 1, "A", "leukostream", "{}", NOON, AuditLink.NONE_BEFORE);

        // When
        AuditLink second = new AuditLink("P-1234", 2, "B", "leukostream", "{}", NOON, first.hash());

        // Then
        assertEquals(first.hash(), second.previousHash());
        assertEquals(64, second.hash().length());
    }
}
