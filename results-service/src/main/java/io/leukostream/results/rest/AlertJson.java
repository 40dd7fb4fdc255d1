package io.leukostream.results.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alert as it stands.
 *
 * @param kind BLASTS_SUSPECTED: about a verdict. TRIAGE_URGENT: about a specimen that nobody has looked at
 * @param state RAISED, NOTIFIED, ACKNOWLEDGED, ESCALATED, SUPERSEDED or CLOSED
 * @param verdictState the verdict that it is about; what a person reads back
 * @param escalated whether the time to acknowledge passed before anybody did
 * @param reason why the last step was taken; of a closed alert the note of whoever closed it
 * @param escalationRung rungs of the ladder that were taken
 * @param nextEscalation the rung that is taken when nobody acknowledges; null where none is left, and in lists
 * @param closedBy who closed it; null before
 * @param history all steps, the first first; absent in lists
 * @param deliveries the newest attempts to deliver its steps, the first first; absent in lists
 */
public record AlertJson(
        String alertId,
        String patientId,
        String kind,
        String state,
        String verdictState,
        String evidenceHash,
        Instant raisedAt,
        Instant dueAt,
        boolean escalated,
        @Nullable String acknowledgedBy,
        @Nullable Instant acknowledgedAt,
        @Nullable String reason,
        Instant updatedAt,
        int escalationRung,
        @Nullable NextEscalation nextEscalation,
        @Nullable String closedBy,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Step> history,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Delivery> deliveries) {

    public AlertJson {
        history = history == null ? null : List.copyOf(history);
        deliveries = deliveries == null ? null : List.copyOf(deliveries);
    }

    /**
     * The rung that comes next.
     *
     * @param rung from 1
     * @param to who is told then
     */
    public record NextEscalation(int rung, Instant at, String to) {}

    /**
     * A step that was taken.
     *
     * @param step from 1
     * @param by the person who took it; null where it was this system
     * @param to to whom it was escalated; null for other steps
     */
    public record Step(
            int step,
            String state,
            Instant at,
            @Nullable String by,
            @Nullable String to,
            @Nullable String reason) {}

    /**
     * An attempt to deliver a step.
     *
     * @param state the step, such as RAISED
     * @param channel STREAM, WEBHOOK or E_MAIL
     * @param name the site's name of the channel; null for the live stream
     * @param eventId the id that the receiver got, the same in every attempt; null for the live stream
     * @param attempt from 1
     * @param status DELIVERED or FAILED
     * @param nextAttemptAt when it is tried again; null where it is not
     */
    public record Delivery(
            String state,
            String channel,
            @Nullable String name,
            @Nullable String eventId,
            int attempt,
            String status,
            @Nullable String detail,
            @Nullable Instant nextAttemptAt,
            Instant at) {}
}
