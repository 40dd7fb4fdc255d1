package io.leukostream.results.topology;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Which instance holds what, as the last assignment of the group says. Every key begins with the id of its specimen or
 * patient, up to the first dot, and that id is what the records were partitioned by.
 */
final class StoreOwners {
    private static final StringSerializer KEYS = new StringSerializer();

    private final KafkaStreams streams;
    private final HostInfo here;

    /**
     * An owner.
     *
     * @param instance host and port
     * @param here whether it is this instance
     */
    record Owner(String instance, boolean here, int partition) {}

    StoreOwners(KafkaStreams streams, String applicationServer) {
        this.streams = streams;
        this.here = HostInfo.buildFromEndpoint(applicationServer);
    }

    /** The owner of a key, or of all keys with this prefix. */
    Owner of(String store, String key) {
        int dot = key.indexOf('.');
        String id = dot < 0 ? key : key.substring(0, dot);
        return owner(store, () -> streams.queryMetadataForKey(store, id, KEYS));
    }

    /** Each instance with the partitions of a store that it holds; together they are all partitions. */
    Map<String, SortedSet<Integer>> ofAllPartitions(String store) {
        Map<String, SortedSet<Integer>> owners = new TreeMap<>();
        int count = 1;
        for (int partition = 0; partition < count; partition++) {
            OnePartition asked = new OnePartition(partition);
            Owner owner = owner(store, () -> streams.queryMetadataForKey(store, "", asked));
            owners.computeIfAbsent(owner.instance(), _ -> new TreeSet<>()).add(partition);
            count = asked.count;
        }
        return owners;
    }

    boolean isHere(String instance) {
        return instance.equals(name(here));
    }

    private Owner owner(String store, Supplier<@Nullable KeyQueryMetadata> question) {
        KeyQueryMetadata metadata;
        try {
            metadata = question.get();
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new StoresNotReady("the topology cannot say who holds the store " + store + ": " + e.getMessage(), e);
        }
        if (metadata == null
                || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)
                || metadata.activeHost().equals(HostInfo.unavailable())) {
            throw new StoresNotReady("it is not known who holds the store " + store);
        }
        return new Owner(name(metadata.activeHost()), metadata.activeHost().equals(here), metadata.partition());
    }

    private static String name(HostInfo host) {
        return host.host() + ":" + host.port();
    }

    /** Leads to one partition, and learns from Streams how many there are. */
    private static final class OnePartition implements StreamPartitioner<String, Object> {
        private final int partition;
        private int count;

        OnePartition(int partition) {
            this.partition = partition;
        }

        @Override
        public Optional<Set<Integer>> partitions(String topic, String key, Object value, int numPartitions) {
            count = numPartitions;
            return Optional.of(Set.of(partition));
        }
    }
}
