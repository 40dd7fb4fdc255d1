package io.leukostream.results.notification;

import io.leukostream.events.AlertEvent;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a channel tells of a step of an alert. Codes only: neither a name nor the note of whoever closed it leaves by a
 * channel.
 *
 * @param id of the step: {@code <alertId>.<state>}, of a rung {@code <alertId>.ESCALATED.<rung>}; the same in every attempt
 * @param kind BLASTS_SUSPECTED, or TRIAGE_URGENT: nobody has looked
 * @param state the step, such as RAISED
 * @param step the step's number in the alert's life; a receiver orders by it
 * @param rung rungs of the escalation ladder that were taken so far
 * @param escalatedTo to whom it was escalated; null for other steps
 * @param at when the step was taken
 * @param patientPage where a person looks at the patient
 */
public record AlertMessage(
        String id,
        String alertId,
        String patientId,
        String kind,
        String state,
        int step,
        int rung,
        @Nullable String escalatedTo,
        String verdictState,
        String evidenceHash,
        Instant raisedAt,
        Instant dueAt,
        Instant at,
        URI patientPage) {

    /**
     * What is told of a step.
     *
     * @param base address under which people reach the dashboard, without a slash at its end
     */
    static AlertMessage of(AlertEvent event, URI base) {
        return new AlertMessage(
                id(event),
                event.getAlertId(),
                event.getPatientId(),
                event.getKind(),
                event.getState(),
                event.getStep(),
                event.getRung(),
                event.getRecipient(),
                event.getVerdictState(),
                event.getEvidenceHash(),
                event.getRaisedAt(),
                event.getDueAt(),
                event.getAt(),
                URI.create(base + "/patients/" + event.getPatientId()));
    }

    private static String id(AlertEvent event) {
        String step = event.getAlertId() + "." + event.getState();
        return event.getState().equals("ESCALATED") && event.getRung() > 0 ? step + "." + event.getRung() : step;
    }
}
