package io.leukostream.results.topology;

import io.leukostream.events.RecordRejected;

/** What the {@linkplain GuardedRead read step} of a source made of a record. */
sealed interface ReadRecord<V> {
    /** A record that the topology takes in. */
    record Usable<V>(V value) implements ReadRecord<V> {}

    /** A record that it cannot use: named on {@code results.rejected}, and counted nowhere. */
    record Unusable<V>(RecordRejected rejection) implements ReadRecord<V> {}
}
