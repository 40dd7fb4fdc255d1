package io.leukostream.results.dashboard;

import org.jspecify.annotations.Nullable;

/**
 * An alert as the pages show it.
 *
 * @param alertId code of the alert
 * @param patientId code of the patient
 * @param triage whether it is about a specimen that is to be looked at first and that nobody has looked at
 * @param verdictState state of the patient's verdict when it was raised
 * @param status where it stands, in words
 * @param open whether somebody still has to acknowledge it
 * @param overdue whether its time to be acknowledged has passed
 * @param countdown how long until then, or since
 * @param raised when it was raised
 * @param due until when it must be acknowledged
 * @param acknowledgedBy who acknowledged it; null before
 */
public record AlertCard(
        String alertId,
        String patientId,
        boolean triage,
        StateWords verdictState,
        String status,
        boolean open,
        boolean overdue,
        String countdown,
        Moment raised,
        Moment due,
        @Nullable String acknowledgedBy) {

    /** The state of an alert in words. */
    static String status(String state) {
        return switch (state) {
            case "RAISED" -> "Raised";
            case "NOTIFIED" -> "Notified";
            case "ACKNOWLEDGED" -> "Acknowledged";
            case "ESCALATED" -> "Escalated";
            case "SUPERSEDED" -> "Superseded";
            case "CLOSED" -> "Closed";
            default -> state;
        };
    }
}
