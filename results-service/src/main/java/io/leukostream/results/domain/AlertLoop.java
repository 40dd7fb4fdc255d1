package io.leukostream.results.domain;

import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The latch: an alert is raised when a patient becomes {@code BLASTS_SUSPECTED} and stays, however the verdict slides,
 * until every specimen that was suspected is cleared (its verdict or its review lies below the threshold, or it is no
 * longer this patient's), or until a person who acknowledged it closes it. After closing, the same suspicion raises
 * nothing: only a further specimen does, or one that was cleared in between. Time comes as an argument.
 *
 * <p>Where nothing is suspected, a specimen that becomes {@code URGENT} before a review has decided raises an alert of the
 * kind {@code TRIAGE_URGENT}. It stays until a review of each of its specimens has decided or the triage of each is
 * {@code ROUTINE}; a suspicion takes its place by an alert of its own. A patient has one open alert at most.
 *
 * @param firstTime the rule for a patient's first alert about a verdict
 * @param repeat the rule for all later ones
 * @param urgency the rule for alerts about the triage; null where a site wants none
 */
public record AlertLoop(
        AlertRule firstTime, AlertRule repeat, @Nullable AlertRule urgency) {

    /** The loop of a site that sets nothing but its time to acknowledge. */
    public AlertLoop(Duration timeToAcknowledge) {
        this(AlertRule.within(timeToAcknowledge), AlertRule.within(timeToAcknowledge));
    }

    /** A loop without alerts about the triage. */
    public AlertLoop(AlertRule firstTime, AlertRule repeat) {
        this(firstTime, repeat, null);
    }

    /**
     * What an alert looks at in a specimen.
     *
     * @param suspicion whether it is suspected, or was and has not been cleared since
     * @param triage null where a version before did not rank
     * @param urgency whether it is urgent and no review has decided, or was and has not been withdrawn since
     */
    public record Standing(
            VerdictState state,
            ReviewDecision reviewDecision,
            boolean suspicion,
            Triage.@Nullable Level triage,
            boolean urgency) {
        /** The standing of a specimen that has no past and is not ranked. */
        public Standing(VerdictState state, ReviewDecision reviewDecision) {
            this(state, reviewDecision, state == VerdictState.BLASTS_SUSPECTED, Triage.Level.UNRANKED, false);
        }

        /** Whether nothing is left of a suspicion. */
        public boolean cleared() {
            return state == VerdictState.BLASTS_BELOW_THRESHOLD || reviewDecision == ReviewDecision.BELOW;
        }

        /** Whether nothing is left of an urgency: a person has looked, or the calls say the opposite. */
        public boolean withdrawn() {
            return reviewDecision != ReviewDecision.UNDECIDED || triage == Triage.Level.ROUTINE;
        }

        /** Whether it is urgent now, and no review has decided. */
        public boolean urgentNow() {
            return triage == Triage.Level.URGENT && reviewDecision == ReviewDecision.UNDECIDED;
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

    private AlertRule rule(Alert alert) {
        return rule(alert.kind(), alert.suspicionsBefore());
    }

    /** The rule of an alert; one about the triage that a site turned off meanwhile goes on by that of all others. */
    private AlertRule rule(Alert.Kind kind, @Nullable Integer suspicionsBefore) {
        if (kind == Alert.Kind.TRIAGE_URGENT && urgency != null) {
            return urgency;
        }
        return suspicionsBefore == null || suspicionsBefore == 0 ? firstTime : repeat;
    }

    /**
     * A specimen came from another patient. A suspicion that comes with it was read back under the other code, if at all:
     * an alert that was acknowledged before it came ends, so that {@link #onVerdict} raises one that speaks of both.
     */
    public Result onArrival(@Nullable Alert last, Standing arrived, Instant at) {
        boolean speaksOfMore =
                arrived.suspicion() || (last != null && last.kind() == Alert.Kind.TRIAGE_URGENT && arrived.urgency());
        return last != null && last.awaitsClosure() && speaksOfMore
                ? new Result.Step(last.step(
                        Alert.State.SUPERSEDED,
                        arrived.suspicion()
                                ? "A suspected specimen was assigned to this patient after the alert was acknowledged."
                                : "An urgent specimen was assigned to this patient after the alert was acknowledged.",
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
        SortedSet<String> settled =
                last == null ? new TreeSet<>() : left(last.settled(), specimen -> !cleared(specimens.get(specimen)));
        SortedSet<String> settledUrgency = last == null
                ? new TreeSet<>()
                : left(last.settledUrgency(), specimen -> !withdrawn(specimens.get(specimen)));
        SortedSet<String> suspected = new TreeSet<>();
        SortedSet<String> urgent = new TreeSet<>();
        specimens.forEach((specimen, standing) -> {
            boolean suspicion = standing.suspicion() || standing.state() == VerdictState.BLASTS_SUSPECTED;
            if (suspicion && !settled.contains(specimen)) {
                suspected.add(specimen);
            }
            if (!suspicion && standing.urgency() && !settledUrgency.contains(specimen)) {
                urgent.add(specimen);
            }
        });
        if (last == null || !last.open()) {
            if (suspected.isEmpty() && (urgent.isEmpty() || urgency == null)) {
                return remembered(last, last == null ? suspected : last.suspects(), settled, settledUrgency);
            }
            return new Result.Step(
                    suspected.isEmpty()
                            ? raised(
                                    Alert.Kind.TRIAGE_URGENT,
                                    VerdictState.mostSevere(specimens.values().stream()
                                            .map(Standing::state)
                                            .toList()),
                                    patientId,
                                    last,
                                    urgent,
                                    settled,
                                    settledUrgency,
                                    evidenceHash,
                                    at)
                            : raised(
                                    Alert.Kind.BLASTS_SUSPECTED,
                                    VerdictState.BLASTS_SUSPECTED,
                                    patientId,
                                    last,
                                    suspected,
                                    settled,
                                    settledUrgency,
                                    evidenceHash,
                                    at));
        }
        boolean aboutTriage = last.kind() == Alert.Kind.TRIAGE_URGENT;
        if (aboutTriage && !suspected.isEmpty()) {
            return superseded(
                    last,
                    settled,
                    settledUrgency,
                    "The verdict is BLASTS_SUSPECTED: alert " + (last.number() + 1)
                            + " of this patient takes its place.",
                    at);
        }
        SortedSet<String> now = aboutTriage ? urgent : suspected;
        if (!now.isEmpty()) {
            now.addAll(last.suspects());
            return remembered(last, now, settled, settledUrgency);
        }
        Predicate<@Nullable Standing> over = aboutTriage ? AlertLoop::withdrawn : AlertLoop::cleared;
        return last.suspects().stream().allMatch(specimen -> over.test(specimens.get(specimen)))
                ? superseded(last, settled, settledUrgency, why(last, specimens, movedTo), at)
                : remembered(last, last.suspects(), settled, settledUrgency);
    }

    private Result superseded(
            Alert last, SortedSet<String> settled, SortedSet<String> settledUrgency, String why, Instant at) {
        return new Result.Step(last.remembering(last.suspects(), settled, settledUrgency)
                .step(
                        Alert.State.SUPERSEDED,
                        why,
                        rule(last).toldBy(last.course().rungs()),
                        at));
    }

    private static SortedSet<String> left(SortedSet<String> specimens, Predicate<String> stays) {
        return specimens.stream().filter(stays).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean withdrawn(@Nullable Standing standing) {
        return standing == null || standing.withdrawn();
    }

    private static boolean cleared(@Nullable Standing standing) {
        return standing == null || standing.cleared();
    }

    private static Result remembered(
            @Nullable Alert last,
            SortedSet<String> suspects,
            SortedSet<String> settled,
            SortedSet<String> settledUrgency) {
        return last == null
                        || (last.suspects().equals(suspects)
                                && last.settled().equals(settled)
                                && last.settledUrgency().equals(settledUrgency))
                ? new Result.Unchanged()
                : new Result.Remembered(last.remembering(suspects, settled, settledUrgency));
    }

    private Alert raised(
            Alert.Kind kind,
            VerdictState verdictState,
            String patientId,
            @Nullable Alert last,
            SortedSet<String> about,
            SortedSet<String> settled,
            SortedSet<String> settledUrgency,
            String evidenceHash,
            Instant at) {
        int number = last == null ? 1 : last.number() + 1;
        int suspicionsBefore = last == null || last.suspicionsBefore() == null
                ? 0
                : last.suspicionsBefore() + (last.kind() == Alert.Kind.BLASTS_SUSPECTED ? 1 : 0);
        AlertRule rule = rule(kind, suspicionsBefore);
        Instant dueAt = at.plus(rule.timeToAcknowledge());
        Alert blank = new Alert(
                kind,
                patientId,
                number,
                Alert.State.RAISED,
                verdictState,
                evidenceHash,
                at,
                dueAt,
                false,
                null,
                null,
                null,
                about,
                settled,
                settledUrgency,
                suspicionsBefore,
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
        boolean aboutTriage = alert.kind() == Alert.Kind.TRIAGE_URGENT;
        if (alert.suspects().stream().noneMatch(specimens::containsKey)) {
            String what = aboutTriage ? "urgent" : "suspected";
            return "The " + what + " specimens were assigned to "
                    + (movedTo == null
                            ? "another patient."
                            : movedTo + ", where the " + (aboutTriage ? "alert" : "suspicion") + " goes on.");
        }
        return aboutTriage
                ? "With more cells the model's calls are like those of normal specimens."
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
        return rule(alert).toldBy(alert.course().rungs());
    }

    /** When the next rung is to be taken; null where none is left or nobody is waited for. */
    public @Nullable Instant nextRungAt(Alert alert) {
        if (!alert.awaitsAcknowledgement()) {
            return null;
        }
        Alert.NextRung next =
                following(rule(alert), alert.dueAt(), alert.course().rungs());
        return next == null ? null : next.at();
    }

    /** Time went by: the next rung is taken when its time has come, one at a call. */
    public Result onTime(Alert alert, Instant now) {
        Instant due = nextRungAt(alert);
        if (due == null || now.isBefore(due)) {
            return new Result.Unchanged();
        }
        AlertRule rule = rule(alert);
        int taken = alert.course().rungs();
        AlertRule.Rung rung = rule.ladder().get(taken);
        String why = "Nobody acknowledged it within "
                + Duration.between(alert.raisedAt(), due).toMinutes()
                + " minutes: rung " + (taken + 1) + " of " + rule.ladder().size() + ", " + rung.to() + ".";
        return new Result.Step(
                alert.escalated(rung.to(), why, rung.channels(), now, following(rule, alert.dueAt(), taken + 1)));
    }
}
