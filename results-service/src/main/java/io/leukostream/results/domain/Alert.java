package io.leukostream.results.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An alert as it stands: one episode of suspicion about one patient.
 *
 * @param kind what it is about; an alert that was stored before there were kinds is about a verdict
 * @param number from 1, one per episode
 * @param verdictState what the patient's verdict said when it was raised; what a person reads back
 * @param dueAt until when a person must have acknowledged it; the rungs of the ladder count from here
 * @param escalated whether a rung of the ladder was taken
 * @param reason why the last step was taken; null where the state says it all
 * @param suspects the specimens that it is about: those that were suspected, or urgent, during the episode
 * @param settled specimens of earlier alerts whose suspicion a person closed and that were not cleared since; the same
 *     suspicion of them raises nothing
 * @param settledUrgency likewise, specimens whose urgency a person closed
 * @param suspicionsBefore the patient's earlier alerts that were about a verdict; one that was stored before there were
 *     kinds has only such before it
 * @param updatedAt when the last step was taken
 * @param course how far it went; an alert that was stored before courses were kept has none behind it
 */
public record Alert(
        Kind kind,
        String patientId,
        int number,
        State state,
        VerdictState verdictState,
        String evidenceHash,
        Instant raisedAt,
        Instant dueAt,
        boolean escalated,
        @Nullable String acknowledgedBy,
        @Nullable Instant acknowledgedAt,
        @Nullable String reason,
        SortedSet<String> suspects,
        SortedSet<String> settled,
        SortedSet<String> settledUrgency,
        @Nullable Integer suspicionsBefore,
        Instant updatedAt,
        Course course) {
    public Alert {
        kind = kind == null ? Kind.BLASTS_SUSPECTED : kind;
        if (number < 1 || dueAt.isBefore(raisedAt)) {
            throw new IllegalArgumentException(
                    "no alert: number " + number + ", due " + dueAt + ", raised " + raisedAt);
        }
        suspects = new TreeSet<>(suspects);
        settled = settled == null ? new TreeSet<>() : new TreeSet<>(settled);
        suspicionsBefore = suspicionsBefore == null ? Integer.valueOf(number - 1) : suspicionsBefore;
        settledUrgency = settledUrgency == null ? new TreeSet<>() : new TreeSet<>(settledUrgency);
        course = course == null ? new Course(escalated ? 1 : 0, null, null, List.of()) : course;
    }

    /** What an alert is about. */
    public enum Kind {
        /** A verdict says that blasts are suspected. */
        BLASTS_SUSPECTED,
        /** The model's calls of a specimen are unlike those of normal ones, and nobody has looked at it. */
        TRIAGE_URGENT
    }

    /** A step in an alert's life. */
    public enum State {
        RAISED,
        /** A channel delivered it to somebody. */
        NOTIFIED,
        /** A named person read it back. */
        ACKNOWLEDGED,
        /** Nobody acknowledged it in time: a rung of the ladder. */
        ESCALATED,
        /** New evidence took away what it rested on. */
        SUPERSEDED,
        /** A named person said what came of it. */
        CLOSED
    }

    /**
     * How far an alert went.
     *
     * @param rungs rungs of the ladder that were taken
     * @param next the rung that comes next while nobody acknowledges; null where none does
     * @param closedBy who closed it; null before
     * @param steps all steps, the first first; at most one of each state, and of {@code ESCALATED} one a rung
     */
    public record Course(
            int rungs, @Nullable NextRung next, @Nullable String closedBy, List<Step> steps) {
        public Course {
            if (rungs < 0) {
                throw new IllegalArgumentException("rungs cannot be " + rungs);
            }
            steps = List.copyOf(steps);
        }
    }

    /**
     * The rung that comes next.
     *
     * @param rung from 1
     * @param at when it is taken
     * @param to to whom
     */
    public record NextRung(int rung, Instant at, String to) {}

    /**
     * A step that was taken.
     *
     * @param number from 1
     * @param by who took it; null where it was this system
     * @param to to whom it was escalated; null for other steps
     * @param reason for a person; null where the state says it all
     * @param channels names of the channels by which it is told; empty means all of them
     */
    public record Step(
            int number,
            State state,
            Instant at,
            @Nullable String by,
            @Nullable String to,
            @Nullable String reason,
            SortedSet<String> channels) {
        public Step {
            channels = new TreeSet<>(channels);
        }
    }

    /** {@code <patientId>.<number>}. */
    public String id() {
        return patientId + "." + number;
    }

    /** Whether the episode goes on: another suspicion is the same alert. */
    public boolean open() {
        return state != State.SUPERSEDED && state != State.CLOSED;
    }

    /** Whether somebody has to acknowledge it. */
    public boolean awaitsAcknowledgement() {
        return open() && acknowledgedBy == null;
    }

    /** Whether somebody may close it. */
    public boolean awaitsClosure() {
        return open() && acknowledgedBy != null;
    }

    /** The step that was taken last; null in an alert that was stored before steps were kept. */
    public @Nullable Step lastStep() {
        return course.steps().isEmpty() ? null : course.steps().getLast();
    }

    /** The next step, which nobody in particular took. */
    Alert step(State next, @Nullable String why, SortedSet<String> channels, Instant at) {
        return stepped(next, null, null, why, channels, at, course.rungs(), course.next());
    }

    /** A rung of the ladder. */
    Alert escalated(String to, String why, SortedSet<String> channels, Instant at, @Nullable NextRung following) {
        return stepped(State.ESCALATED, null, to, why, channels, at, course.rungs() + 1, following);
    }

    Alert acknowledged(String by, SortedSet<String> channels, Instant at) {
        return stepped(State.ACKNOWLEDGED, by, null, null, channels, at, course.rungs(), null);
    }

    Alert closed(String by, String note, SortedSet<String> channels, Instant at) {
        SortedSet<String> done = new TreeSet<>(settled);
        SortedSet<String> doneUrgency = new TreeSet<>(settledUrgency);
        (kind == Kind.TRIAGE_URGENT ? doneUrgency : done).addAll(suspects);
        return stepped(State.CLOSED, by, null, note, channels, at, course.rungs(), null)
                .remembering(suspects, done, doneUrgency);
    }

    private Alert stepped(
            State next,
            @Nullable String by,
            @Nullable String to,
            @Nullable String why,
            SortedSet<String> channels,
            Instant at,
            int rungs,
            @Nullable NextRung following) {
        List<Step> steps = new ArrayList<>(course.steps());
        steps.add(new Step(steps.size() + 1, next, at, by, to, why, channels));
        boolean acknowledges = next == State.ACKNOWLEDGED;
        return new Alert(
                kind,
                patientId,
                number,
                next,
                verdictState,
                evidenceHash,
                raisedAt,
                dueAt,
                escalated || rungs > 0,
                acknowledges ? by : acknowledgedBy,
                acknowledges ? at : acknowledgedAt,
                why,
                suspects,
                settled,
                settledUrgency,
                suspicionsBefore,
                at,
                new Course(
                        rungs,
                        next == State.SUPERSEDED ? null : following,
                        next == State.CLOSED ? by : course.closedBy(),
                        steps));
    }

    /** The same step, about these specimens. */
    Alert remembering(SortedSet<String> about, SortedSet<String> done, SortedSet<String> doneUrgency) {
        return new Alert(
                kind,
                patientId,
                number,
                state,
                verdictState,
                evidenceHash,
                raisedAt,
                dueAt,
                escalated,
                acknowledgedBy,
                acknowledgedAt,
                reason,
                about,
                done,
                doneUrgency,
                suspicionsBefore,
                updatedAt,
                course);
    }
}
