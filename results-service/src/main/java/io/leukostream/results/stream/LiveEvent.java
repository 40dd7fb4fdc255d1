package io.leukostream.results.stream;

/**
 * Something changed.
 *
 * @param sequence from 1, rising by 1
 * @param key patientId, alertId or imageId
 */
public record LiveEvent(long sequence, Kind kind, String key) {
    /** What changed; its name in lower case is the event's name. */
    public enum Kind {
        VERDICT,
        ALERT,
        /** A channel tried to deliver a step of an alert. */
        DELIVERY,
        OUTCOME
    }
}
