package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.domain.AlertLoop.Result;
import io.leukostream.results.domain.AlertLoop.Standing;
import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
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

    private static Alert acknowledged(Alert alert) {
        return step(LOOP.onAcknowledgement(alert, "Dr Ada", "P-1234", "BLASTS_SUSPECTED", NOON.plusSeconds(3)));
    }

    private static Alert closed(Alert alert) {
        return step(LOOP.onClosure(acknowledged(alert), "Dr Ada", "Seen; flow cytometry is on its way.", NOON));
    }

    @Test
    void climbsTheLadderRungByRungAndNoFurther() {
        // Given
        AlertRule rule = new AlertRule(
                Duration.ofMinutes(10),
                List.of(
                        new AlertRule.Rung(Duration.ZERO, "the ward's physician", new TreeSet<>(Set.of("pager"))),
                        new AlertRule.Rung(Duration.ofMinutes(5), "the head of haematology", new TreeSet<>())),
                new TreeSet<>(Set.of("mail")));
        AlertLoop loop = new AlertLoop(rule, AlertRule.within(Duration.ofMinutes(60)));
        Alert alert = step(loop.onVerdict("P-1234", null, Map.of("S-1", SUSPECTED), "sha256:a", NOON));

        // When
        Alert first = step(loop.onTime(alert, NOON.plus(Duration.ofHours(1))));
        Alert second = step(loop.onTime(first, NOON.plus(Duration.ofHours(1))));
        Result third = loop.onTime(second, NOON.plus(Duration.ofHours(9)));

        // Then
        assertEquals(
                new Alert.NextRung(1, alert.dueAt(), "the ward's physician"),
                alert.course().next());
        assertEquals(Set.of("mail"), alert.lastStep().channels());
        assertEquals("the ward's physician", first.lastStep().to());
        assertEquals(Set.of("pager"), first.lastStep().channels());
        assertEquals("Nobody acknowledged it within 10 minutes: rung 1 of 2, the ward's physician.", first.reason());
        assertEquals(
                alert.dueAt().plus(Duration.ofMinutes(5)), first.course().next().at());
        assertEquals(2, second.course().rungs());
        assertNull(second.course().next());
        assertInstanceOf(Result.Unchanged.class, third);
        // Everybody who was told learns how it goes on: of the first rung by two channels, of the second by all.
        assertEquals(Set.of("mail", "pager"), acknowledgedBy(loop, first).channels());
        assertEquals(Set.of(), acknowledgedBy(loop, second).channels());
    }

    private static Alert.Step acknowledgedBy(AlertLoop loop, Alert alert) {
        return step(loop.onAcknowledgement(alert, "Dr Ada", "P-1234", "BLASTS_SUSPECTED", NOON))
                .lastStep();
    }

    @Test
    void aRepeatHasItsOwnTimeAndLadder() {
        // Given
        AlertRule repeat = new AlertRule(
                Duration.ofMinutes(60),
                List.of(new AlertRule.Rung(Duration.ofMinutes(1), "the registrar", new TreeSet<>())),
                new TreeSet<>());
        AlertLoop loop = new AlertLoop(AlertRule.within(Duration.ofMinutes(10)), repeat);
        Alert first = step(loop.onVerdict("P-1234", null, Map.of("S-1", SUSPECTED), "sha256:a", NOON));
        Alert over = step(loop.onVerdict("P-1234", first, Map.of("S-1", BELOW), "sha256:b", NOON));

        // When
        Alert second = step(loop.onVerdict("P-1234", over, Map.of("S-1", SUSPECTED), "sha256:c", NOON));

        // Then
        assertEquals(NOON.plus(Duration.ofMinutes(10)), first.dueAt());
        assertEquals(NOON.plus(Duration.ofMinutes(60)), second.dueAt());
        assertEquals("the registrar", second.course().next().to());
    }

    @Test
    void onlyAnAcknowledgedAlertIsClosed() {
        // Given
        Alert alert = raised();

        // When
        Result early = LOOP.onClosure(alert, "Dr Ada", "Seen.", NOON);
        Alert closed = closed(alert);
        Result twice = LOOP.onClosure(closed, "Dr Bela", "Seen too.", NOON);

        // Then
        assertInstanceOf(Result.Unchanged.class, early);
        assertEquals(Alert.State.CLOSED, closed.state());
        assertEquals("Dr Ada", closed.course().closedBy());
        assertEquals("Seen; flow cytometry is on its way.", closed.reason());
        assertInstanceOf(Result.Unchanged.class, twice);
        assertInstanceOf(Result.Unchanged.class, LOOP.onTime(closed, NOON.plus(Duration.ofDays(1))));
    }

    @Test
    void theSuspicionThatWasClosedRaisesNothingAndAFurtherSpecimenDoes() {
        // Given
        Alert closed = closed(raised());

        // When
        Result slid = LOOP.onVerdict("P-1234", closed, Map.of("S-1", OPEN), "sha256:b", NOON);
        Result same = LOOP.onVerdict("P-1234", closed, Map.of("S-1", SUSPECTED), "sha256:c", NOON);
        Alert further =
                step(LOOP.onVerdict("P-1234", closed, Map.of("S-1", SUSPECTED, "S-2", SUSPECTED), "sha256:d", NOON));

        // Then
        assertInstanceOf(Result.Unchanged.class, slid);
        assertInstanceOf(Result.Unchanged.class, same);
        assertEquals(2, further.number());
        assertEquals(Set.of("S-2"), further.suspects());
        // The further one is cleared: it is over, and what was closed before stays closed.
        Alert over = step(LOOP.onVerdict("P-1234", further, Map.of("S-1", SUSPECTED, "S-2", BELOW), "sha256:e", NOON));
        assertEquals(Alert.State.SUPERSEDED, over.state());
        assertInstanceOf(
                Result.Unchanged.class,
                LOOP.onVerdict("P-1234", over, Map.of("S-1", SUSPECTED, "S-2", BELOW), "sha256:f", NOON));
    }

    @Test
    void aSpecimenThatWasClearedAfterClosingBeginsANewEpisode() {
        // Given
        Alert closed = closed(raised());
        Alert cleared = assertInstanceOf(
                        Result.Remembered.class,
                        LOOP.onVerdict("P-1234", closed, Map.of("S-1", BELOW), "sha256:b", NOON))
                .alert();

        // When
        Alert next = step(LOOP.onVerdict("P-1234", cleared, Map.of("S-1", SUSPECTED), "sha256:c", NOON));

        // Then
        assertEquals(Alert.State.CLOSED, cleared.state());
        assertEquals(2, next.number());
    }

    /** What becomes of a patient's alerts when these things happen in this order, as the topology lets them. */
    private static List<Alert> lived(List<UnaryOperator<Alert>> happenings) {
        List<Alert> alerts = new ArrayList<>();
        for (UnaryOperator<Alert> happening : happenings) {
            Alert last = alerts.isEmpty() ? null : alerts.getLast();
            Alert next = happening.apply(last);
            if (next != null && last != null && next.number() == last.number()) {
                alerts.set(alerts.size() - 1, next);
            } else if (next != null) {
                alerts.add(next);
            }
        }
        return alerts;
    }

    private static Alert after(Alert before, Result result) {
        return switch (result) {
            case Result.Unchanged() -> before;
            case Result.Remembered(Alert alert) -> alert;
            case Result.Step(Alert alert) -> alert;
        };
    }

    private static UnaryOperator<Alert> verdict(AlertLoop loop, Map<String, Standing> standings) {
        return last -> after(last, loop.onVerdict("P-1234", last, standings, "sha256:a", NOON));
    }

    /** An acknowledgement that comes before its alert waits, as the topology makes it wait; here it is simply not there. */
    private static UnaryOperator<Alert> ifThere(UnaryOperator<Alert> happening) {
        return last -> last == null ? null : happening.apply(last);
    }

    @Test
    void oneEpisodeIsOneAlertWithTheSameEndInWhateverOrderItsEvidenceArrives() {
        AlertRule rule = new AlertRule(
                Duration.ofMinutes(10),
                List.of(
                        new AlertRule.Rung(Duration.ZERO, "one", new TreeSet<>()),
                        new AlertRule.Rung(Duration.ofMinutes(5), "two", new TreeSet<>()),
                        new AlertRule.Rung(Duration.ofMinutes(5), "three", new TreeSet<>())),
                new TreeSet<>());
        AlertLoop loop = new AlertLoop(rule, rule);
        for (long seed = 0; seed < 500; seed++) {
            // Given: verdicts that never clear a specimen, deliveries, checks of the clock, and perhaps a person
            Random random = new Random(seed);
            boolean somebodyReadsBack = random.nextBoolean();
            boolean clearedAtLast = random.nextInt(3) == 0;
            boolean somebodyCloses = somebodyReadsBack && random.nextBoolean();
            List<UnaryOperator<Alert>> happenings = new ArrayList<>();
            for (int k = 0; k < 12; k++) {
                happenings.add(verdict(
                        loop,
                        Map.of(
                                "S-1",
                                random.nextBoolean() ? SUSPECTED : OPEN,
                                "S-2",
                                random.nextBoolean() ? SUSPECTED : OPEN)));
                Instant now = NOON.plus(Duration.ofMinutes(random.nextInt(30)));
                happenings.add(ifThere(last -> after(last, loop.onTime(last, now))));
                happenings.add(ifThere(last -> after(last, loop.onDelivery(last, "STREAM", now))));
            }
            Collections.shuffle(happenings, random);

            // When: the evidence that both are suspected, a person somewhere after it, and time goes by
            happenings.add(random.nextInt(13), verdict(loop, Map.of("S-1", SUSPECTED, "S-2", SUSPECTED)));
            if (somebodyReadsBack) {
                int place = 13 + random.nextInt(happenings.size() - 12);
                happenings.add(
                        place,
                        last -> after(last, loop.onAcknowledgement(last, "Ada", "P-1234", "BLASTS_SUSPECTED", NOON)));
                if (somebodyCloses) {
                    int later = place + 1 + random.nextInt(happenings.size() - place);
                    happenings.add(later, last -> after(last, loop.onClosure(last, "Ada", "Seen.", NOON)));
                }
            }
            for (int rung = 0; rung < 4; rung++) {
                happenings.add(last -> after(last, loop.onTime(last, NOON.plus(Duration.ofHours(1)))));
            }
            if (clearedAtLast) {
                happenings.add(verdict(loop, Map.of("S-1", BELOW, "S-2", BELOW)));
            }
            List<Alert> alerts = lived(happenings);

            // Then
            String message = "seed " + seed + ": " + alerts;
            assertEquals(1, alerts.size(), message);
            Alert alert = alerts.getFirst();
            Alert.State end = somebodyCloses
                    ? Alert.State.CLOSED
                    : clearedAtLast
                            ? Alert.State.SUPERSEDED
                            : somebodyReadsBack ? Alert.State.ACKNOWLEDGED : Alert.State.ESCALATED;
            assertEquals(end, alert.state(), message);
            List<Alert.State> states =
                    alert.course().steps().stream().map(Alert.Step::state).toList();
            assertEquals(Alert.State.RAISED, states.getFirst(), message);
            for (int k = 0; k < states.size(); k++) {
                assertEquals(k + 1, alert.course().steps().get(k).number(), message);
            }
            for (Alert.State state : Alert.State.values()) {
                int times = Collections.frequency(states, state);
                assertTrue(times <= (state == Alert.State.ESCALATED ? 3 : 1), message);
            }
            if (!somebodyReadsBack) {
                assertEquals(3, alert.course().rungs(), message);
            }
        }
    }

    @Test
    void anImpossibleRuleIsRefusedWithWhatItSays() {
        // Given
        List<AlertRule.Rung> upsideDown = List.of(
                new AlertRule.Rung(Duration.ofMinutes(5), "one", new TreeSet<>()),
                new AlertRule.Rung(Duration.ofMinutes(4), "two", new TreeSet<>()));

        // When
        var failure = assertThrows(
                IllegalArgumentException.class,
                () -> new AlertRule(Duration.ofMinutes(1), upsideDown, new TreeSet<>()));

        // Then
        assertTrue(failure.getMessage().contains("PT4M"), failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> AlertRule.within(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new AlertRule.Rung(Duration.ZERO, " ", new TreeSet<>()));
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
