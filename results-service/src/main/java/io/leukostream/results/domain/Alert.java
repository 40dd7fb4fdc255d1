package io.leukostream.results.domain;

import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An alert as it stands: one episode of suspicion about one patient.
 *
 * @param number from 1, one per episode
 * @param verdictState what the verdict said when it was raised; what a person reads back
 * @param suspects the specimens that were suspected during the episode
 * @param updatedAt when the last step was taken
 */
public record Alert(
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
        Instant updatedAt) {
    public Alert {
        if (number < 1 || dueAt.isBefore(raisedAt)) {
            throw new IllegalArgumentException(
                    "no alert: number " + number + ", due " + dueAt + ", raised " + raisedAt);
        }
        suspects = new TreeSet<>(suspects);
    }

    /** A step in an alert's life. */
    public enum State {
        RAISED,
        /** A channel delivered it to somebody. */
        NOTIFIED,
        /** A named person read it back. */
        ACKNOWLEDGED,
        /** Nobody acknowledged it in time. */
        ESCALATED,
        /** New evidence took away what it rested on. */
        SUPERSEDED,
        CLOSED
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

    Alert step(State next, @Nullable String why, Instant at) {
        return new Alert(
                patientId,
                number,
                next,
                verdictState,
                evidenceHash,
                raisedAt,
                dueAt,
                escalated || next == State.ESCALATED,
                acknowledgedBy,
                acknowledgedAt,
                why,
                suspects,
                at);
    }

    Alert acknowledged(String by, Instant at) {
        return new Alert(
                patientId,
                number,
                State.ACKNOWLEDGED,
                verdictState,
                evidenceHash,
                raisedAt,
                dueAt,
                escalated,
                by,
                at,
                null,
                suspects,
                at);
    }

    Alert suspecting(SortedSet<String> specimens) {
        return new Alert(
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
                specimens,
                updatedAt);
    }
}
