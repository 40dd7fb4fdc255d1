package io.leukostream.results.domain;

import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The latch: an alert is raised when a patient becomes {@code BLASTS_SUSPECTED} and stays, however the verdict slides,
 * until every specimen that was suspected is cleared: its verdict or its review lies below the threshold, or it is no
 * longer this patient's. A suspicion after that is a new alert. Time comes as an argument.
 *
 * @param timeToAcknowledge how long after raising a person has to acknowledge
 */
public record AlertLoop(Duration timeToAcknowledge) {
    public AlertLoop {
        if (timeToAcknowledge.isNegative() || timeToAcknowledge.isZero()) {
            throw new IllegalArgumentException("a time to acknowledge is positive, not " + timeToAcknowledge);
        }
    }

    /** What an alert looks at in a specimen. */
    public record Standing(VerdictState state, ReviewDecision reviewDecision) {
        boolean cleared() {
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

    /** A verdict was reached. */
    public Result onVerdict(
            String patientId, @Nullable Alert last, Map<String, Standing> specimens, String evidenceHash, Instant at) {
        SortedSet<String> suspected = new TreeSet<>();
        specimens.forEach((specimen, standing) -> {
            if (standing.state() == VerdictState.BLASTS_SUSPECTED) {
                suspected.add(specimen);
            }
        });
        if (last == null || !last.open()) {
            return suspected.isEmpty()
                    ? new Result.Unchanged()
                    : new Result.Step(new Alert(
                            patientId,
                            last == null ? 1 : last.number() + 1,
                            Alert.State.RAISED,
                            VerdictState.BLASTS_SUSPECTED,
                            evidenceHash,
                            at,
                            at.plus(timeToAcknowledge),
                            false,
                            null,
                            null,
                            null,
                            suspected,
                            at));
        }
        if (!suspected.isEmpty()) {
            suspected.addAll(last.suspects());
            return suspected.equals(last.suspects())
                    ? new Result.Unchanged()
                    : new Result.Remembered(last.suspecting(suspected));
        }
        boolean cleared = last.suspects().stream()
                .map(specimens::get)
                .allMatch(standing -> standing == null || standing.cleared());
        return cleared
                ? new Result.Step(last.step(Alert.State.SUPERSEDED, why(last, specimens), at))
                : new Result.Unchanged();
    }

    private static String why(Alert alert, Map<String, Standing> specimens) {
        boolean review = alert.suspects().stream()
                .map(specimens::get)
                .anyMatch(standing -> standing != null && standing.reviewDecision() == ReviewDecision.BELOW);
        if (review) {
            return "A reviewer's labels of cells drawn at random lie below the threshold.";
        }
        return alert.suspects().stream().noneMatch(specimens::containsKey)
                ? "The suspected specimens were assigned to another patient."
                : "The fraction of blasts lies below the threshold.";
    }

    /** A channel delivered the news that the alert was raised. */
    public Result onDelivery(Alert alert, String channel, Instant at) {
        return alert.state() == Alert.State.RAISED
                ? new Result.Step(alert.step(Alert.State.NOTIFIED, "Delivered by " + channel + ".", at))
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
                ? new Result.Step(alert.acknowledged(by, at))
                : new Result.Unchanged();
    }

    /** Time went by. */
    public Result onTime(Alert alert, Instant now) {
        return alert.awaitsAcknowledgement() && !alert.escalated() && !now.isBefore(alert.dueAt())
                ? new Result.Step(alert.step(
                        Alert.State.ESCALATED,
                        "Nobody acknowledged it within " + timeToAcknowledge.toMinutes() + " minutes.",
                        now))
                : new Result.Unchanged();
    }
}
