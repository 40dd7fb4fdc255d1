package io.leukostream.ingest.domain;

/** Where a record lies in the event log. */
public record LogPosition(String topic, int partition, long offset) {
    public LogPosition {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException("no position in a log: " + topic + "-" + partition + "@" + offset);
        }
    }
}
