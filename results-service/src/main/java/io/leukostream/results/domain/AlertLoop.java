package io.leukostream.results.domain;

import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The latch: an alert is raised when a patient becomes {@code BLASTS_SUSPECTED} and stays, however the verdict slides,
 * until every specimen that was suspected is cleared (its verdict or its review lies below the threshold, or it is no
 * longer this patient's), or until a person who acknowledged it closes it. After closing, the same suspicion raises
 * nothing: only a further specimen does, or one that was cleared in between. Time comes as an argument.
 *
 * @param firstTime the rule for a patient's first alert
 * @param repeat the rule for all later ones
 */
public record AlertLoop(AlertRule firstTime, AlertRule repeat) {

    /** The loop of a site that sets nothing but its time to acknowledge. */
    public AlertLoop(Duration timeToAcknowledge) {
        this(AlertRule.within(timeToAcknowledge), AlertRule.within(timeToAcknowledge));
    }

    /**
     * What an alert looks at in a specimen.
     *
     * @param suspicion whether it is suspected, or was and has not been cleared since
     */
    public record Standing(VerdictState state, ReviewDecision reviewDecision, boolean suspicion) {
        /** The standing of a specimen that has no past. */
        public Standing(VerdictState state, ReviewDecision reviewDecision) {
            this(state, reviewDecision, state == VerdictState.BLASTS_SUSPECTED);
        }

        /** Whether nothing is left of a suspicion. */
        public boolean cleared() {
            return state == VerdictState.BLASTS_BELOW_THRESHOLD || reviewDecision == ReviewDecision.BELOW;
        }
    }

    /** What came of something that happened to an alert. */
    public sealed interface Result {
        /** Nothing. */
        record Unchanged() implements Result {}

        /** Something to remember, not a step to tell. */
        record Remembered(Alert alert) implements Result {}

        /** A step to tell. */
        record Step(Alert alert) implements Result {}
    }

    private AlertRule rule(int number) {
        return number == 1 ? firstTime : repeat;
    }

    /**
     * A specimen came from another patient. A suspicion that comes with it was read back under the other code, if at all:
     * an alert that was acknowledged before it came ends, so that {@link #onVerdict} raises one that speaks of both.
     */
    public Result onArrival(@Nullable Alert last, Standing arrived, Instant at) {
        return last != null && last.awaitsClosure() && arrived.suspicion()
                ? new Result.Step(last.step(
                        Alert.State.SUPERSEDED,
                        "A suspected specimen was assigned to this patient after the alert was acknowledged.",
                        told(last),
                        at))
                : new Result.Unchanged();
    }

    /** A verdict was reached. */
    public Result onVerdict(
            String patientId, @Nullable Alert last, Map<String, Standing> specimens, String evidenceHash, Instant at) {
        return onVerdict(patientId, last, specimens, evidenceHash, null, at);
    }

    /**
     * A verdict was reached.
     *
     * @param movedTo the patient that a specimen was just assigned to; null where none was
     */
    public Result onVerdict(
            String patientId,
            @Nullable Alert last,
            Map<String, Standing> specimens,
            String evidenceHash,
            @Nullable String movedTo,
            Instant at) {
        TreeSet<String> settled = new TreeSet<>();
        if (last != null) {
            last.settled().stream()
                    .filter(specimen -> !cleared(specimens.get(specimen)))
                    .forEach(settled::add);
        }
        SortedSet<String> suspected = new TreeSet<>();
        specimens.forEach((specimen, standing) -> {
            boolean suspicion = standing.suspicion() || standing.state() == VerdictState.BLASTS_SUSPECTED;
            if (suspicion && !settled.contains(specimen)) {
                suspected.add(specimen);
            }
        });
        if (last == null || !last.open()) {
            return suspected.isEmpty()
                    ? remembered(last, last == null ? suspected : last.suspects(), settled)
                    : new Result.Step(raised(patientId, last, suspected, settled, evidenceHash, at));
        }
        if (!suspected.isEmpty()) {
            suspected.addAll(last.suspects());
            return remembered(last, suspected, settled);
        }
        return last.suspects().stream().allMatch(specimen -> cleared(specimens.get(specimen)))
                ? new Result.Step(last.remembering(last.suspects(), settled)
                        .step(
                                Alert.State.SUPERSEDED,
                                why(last, specimens, movedTo),
                                rule(last.number()).toldBy(last.course().rungs()),
                                at))
                : remembered(last, last.suspects(), settled);
    }

    private static boolean cleared(@Nullable Standing standing) {
        return standing == null || standing.cleared();
    }

    private static Result remembered(@Nullable Alert last, SortedSet<String> suspects, SortedSet<String> settled) {
        return last == null
                        || (last.suspects().equals(suspects) && last.settled().equals(settled))
                ? new Result.Unchanged()
                : new Result.Remembered(last.remembering(suspects, settled));
    }

    private Alert raised(
            String patientId,
            @Nullable Alert last,
            SortedSet<String> suspected,
            SortedSet<String> settled,
            String evidenceHash,
            Instant at) {
        int number = last == null ? 1 : last.number() + 1;
        AlertRule rule = rule(number);
        Instant dueAt = at.plus(rule.timeToAcknowledge());
        Alert blank = new Alert(
                patientId,
                number,
                Alert.State.RAISED,
                VerdictState.BLASTS_SUSPECTED,
                evidenceHash,
                at,
                dueAt,
                false,
                null,
                null,
                null,
                suspected,
                settled,
                at,
                new Alert.Course(0, following(rule, dueAt, 0), null, List.of()));
        return blank.step(Alert.State.RAISED, null, rule.channels(), at);
    }

    private static Alert.@Nullable NextRung following(AlertRule rule, Instant dueAt, int taken) {
        if (taken >= rule.ladder().size()) {
            return null;
        }
        AlertRule.Rung next = rule.ladder().get(taken);
        return new Alert.NextRung(taken + 1, next.at(dueAt), next.to());
    }

    private static String why(Alert alert, Map<String, Standing> specimens, @Nullable String movedTo) {
        boolean review = alert.suspects().stream()
                .map(specimens::get)
                .anyMatch(standing -> standing != null && standing.reviewDecision() == ReviewDecision.BELOW);
        if (review) {
            return "A reviewer's labels of cells drawn at random lie below the threshold.";
        }
        return alert.suspects().stream().noneMatch(specimens::containsKey)
                ? "The suspected specimens were assigned to "
                        + (movedTo == null ? "another patient." : movedTo + ", where the suspicion goes on.")
                : "The fraction of blasts lies below the threshold.";
    }

    /** A channel delivered the news that the alert was raised. */
    public Result onDelivery(Alert alert, String channel, Instant at) {
        return alert.state() == Alert.State.RAISED
                ? new Result.Step(
                        alert.step(Alert.State.NOTIFIED, "Delivered by " + channel + ".", new TreeSet<>(), at))
                : new Result.Unchanged();
    }

    /** How a person's reading back fits an alert. */
    public enum ReadBack {
        ACCEPTED,
        /** Patient or state were read wrongly. */
        WRONG,
        /** The alert no longer awaits an acknowledgement. */
        ALERT_CHANGED
    }

    /** Judges an acknowledgement. */
    public static ReadBack judge(Alert alert, @Nullable String patientId, @Nullable String verdictState) {
        if (!alert.awaitsAcknowledgement()) {
            return ReadBack.ALERT_CHANGED;
        }
        return alert.patientId().equals(patientId)
                        && alert.verdictState().name().equals(verdictState)
                ? ReadBack.ACCEPTED
                : ReadBack.WRONG;
    }

    /** A person acknowledged; one that does not fit changes nothing. */
    public Result onAcknowledgement(Alert alert, String by, String patientId, String verdictState, Instant at) {
        return judge(alert, patientId, verdictState) == ReadBack.ACCEPTED
                ? new Result.Step(alert.acknowledged(by, told(alert), at))
                : new Result.Unchanged();
    }

    /** A person says what came of it; only of an alert that was acknowledged and is not over. */
    public Result onClosure(Alert alert, String by, String note, Instant at) {
        return alert.awaitsClosure()
                ? new Result.Step(alert.closed(by, note, told(alert), at))
                : new Result.Unchanged();
    }

    private SortedSet<String> told(Alert alert) {
        return rule(alert.number()).toldBy(alert.course().rungs());
    }

    /** When the next rung is to be taken; null where none is left or nobody is waited for. */
    public @Nullable Instant nextRungAt(Alert alert) {
        if (!alert.awaitsAcknowledgement()) {
            return null;
        }
        Alert.NextRung next =
                following(rule(alert.number()), alert.dueAt(), alert.course().rungs());
        return next == null ? null : next.at();
    }

    /** Time went by: the next rung is taken when its time has come, one at a call. */
    public Result onTime(Alert alert, Instant now) {
        Instant due = nextRungAt(alert);
        if (due == null || now.isBefore(due)) {
            return new Result.Unchanged();
        }
        AlertRule rule = rule(alert.number());
        int taken = alert.course().rungs();
        AlertRule.Rung rung = rule.ladder().get(taken);
        String why = "Nobody acknowledged it within "
                + Duration.between(alert.raisedAt(), due).toMinutes()
                + " minutes: rung " + (taken + 1) + " of " + rule.ladder().size() + ", " + rung.to() + ".";
        return new Result.Step(
                alert.escalated(rung.to(), why, rung.channels(), now, following(rule, alert.dueAt(), taken + 1)));
    }
}
