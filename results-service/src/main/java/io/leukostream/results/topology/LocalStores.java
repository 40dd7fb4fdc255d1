package io.leukostream.results.topology;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * What this instance holds. It answers from a partition only while it is the one that takes in its evidence, and never
 * from a standby: what it says is right, or it says {@link StoresNotReady}.
 */
public final class LocalStores {
    private static final StringSerializer KEYS = new StringSerializer();

    private final KafkaStreams streams;
    private final StoreOwners owners;
    private final StoreSerdes serdes;

    LocalStores(KafkaStreams streams, StoreOwners owners, StoreSerdes serdes) {
        this.streams = streams;
        this.owners = owners;
        this.serdes = serdes;
    }

    /** Whether there is a store of this name. */
    public boolean knows(String store) {
        return serdes.knows(store);
    }

    /**
     * The answer for another instance, as {@link StoreSerdes} frames it.
     *
     * @throws StoresNotReady if this instance does not hold all that is asked for
     */
    public byte[] answer(StoreQuestion question) {
        return serdes.framed(question.store(), entries(question));
    }

    /** The entries; values are of the store's type. */
    <V> List<KeyValue<String, V>> entries(StoreQuestion question) {
        List<KeyValue<String, V>> entries = new ArrayList<>();
        try {
            switch (question) {
                case StoreQuestion.Keys(String store, List<String> keys) -> {
                    for (String key : keys) {
                        V value = this.<V>store(store, held(store, key)).get(key);
                        if (value != null) {
                            entries.add(KeyValue.pair(key, value));
                        }
                    }
                }
                case StoreQuestion.Prefix(String store, String prefix) ->
                    drain(this.<V>store(store, held(store, prefix)).prefixScan(prefix, KEYS), entries);
                case StoreQuestion.Partitions(String store, var partitions, String from) -> {
                    for (int partition : partitions) {
                        drain(this.<V>store(store, partition).range(from.isEmpty() ? null : from, null), entries);
                    }
                }
            }
        } catch (InvalidStateStoreException e) {
            throw new StoresNotReady("the store " + question.store() + " cannot be asked now: " + e.getMessage(), e);
        }
        return entries;
    }

    private int held(String store, String key) {
        StoreOwners.Owner owner = owners.of(store, key);
        if (!owner.here()) {
            throw new StoresNotReady("partition " + owner.partition() + " of the store " + store + " is not held here");
        }
        return owner.partition();
    }

    private static <V> void drain(KeyValueIterator<String, V> found, List<KeyValue<String, V>> entries) {
        try (found) {
            found.forEachRemaining(entries::add);
        }
    }

    private <V> ReadOnlyKeyValueStore<String, V> store(String name, int partition) {
        // Streams refuses where the thread of the partition is not at work; that others are assigned anew is no reason
        // to.
        // Without a partition, one that is held elsewhere would read as empty.
        return streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<String, V>keyValueStore())
                .withPartition(partition));
    }
}
