package io.leukostream.standalone.audit;

import org.jspecify.annotations.Nullable;

/**
 * A record of the topic.
 *
 * @param key null where it has none
 * @param link null where the value is no link
 * @param defect why it is none; null where it is one
 */
public record FoundRecord(
        int partition,
        long offset,
        @Nullable String key,
        @Nullable Link link,
        @Nullable String defect) {
    /** A record that is a link. */
    static FoundRecord of(int partition, long offset, @Nullable String key, Link link) {
        return new FoundRecord(partition, offset, key, link, null);
    }

    /** Where it lies, for a person. */
    public String place() {
        return "partition " + partition + ", offset " + offset;
    }
}
