package io.leukostream.results.topology;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A question that one instance can answer from the partitions that it holds. It is never passed on: an instance that does
 * not hold what is asked for says so.
 */
public sealed interface StoreQuestion {
    /** The store's name. */
    String store();

    /**
     * Entries by their keys; a key that is not there has no entry in the answer.
     *
     * @param keys each of an id that the instance asked owns
     */
    record Keys(String store, List<String> keys) implements StoreQuestion {
        public Keys {
            keys = List.copyOf(keys);
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("no key of " + store + " is asked for");
            }
        }
    }

    /** Entries whose keys begin so; a prefix holds a whole id, so that all of them lie in one partition. */
    record Prefix(String store, String prefix) implements StoreQuestion {
        public Prefix {
            if (!prefix.endsWith(".")) {
                throw new IllegalArgumentException("a prefix is an id and a dot, not " + prefix);
            }
        }
    }

    /**
     * Entries of whole partitions.
     *
     * @param from the first key; empty for all
     */
    record Partitions(String store, SortedSet<Integer> partitions, String from) implements StoreQuestion {
        public Partitions {
            partitions = new TreeSet<>(partitions);
            if (partitions.isEmpty()) {
                throw new IllegalArgumentException("no partition of " + store + " is asked for");
            }
        }
    }
}
