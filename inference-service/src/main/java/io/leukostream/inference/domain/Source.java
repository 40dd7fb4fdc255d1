package io.leukostream.inference.domain;

/**
 * Where a delivered image lies in the log.
 *
 * @param topic its topic
 * @param partition from 0
 * @param offset from 0
 */
public record Source(String topic, int partition, long offset) {
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
