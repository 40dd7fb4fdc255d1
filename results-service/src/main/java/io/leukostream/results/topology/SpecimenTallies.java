package io.leukostream.results.topology;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.jspecify.annotations.Nullable;

/**
 * The specimens' sums beside the images that they are of. Sums that a version with other rules stored are summed up again
 * from the images when they are first asked for: what an older rule put in, today's would take out wrongly.
 */
final class SpecimenTallies {
    private final TimestampedKeyValueStore<String, SpecimenSums> tallies;
    private final KeyValueStore<String, ImageEntry> images;

    SpecimenTallies(TimestampedKeyValueStore<String, SpecimenSums> tallies, KeyValueStore<String, ImageEntry> images) {
        this.tallies = tallies;
        this.images = images;
    }

    /** A specimen's sums by today's rules; null where nothing names it. */
    @Nullable
    SpecimenSums sums(String specimenId) {
        ValueAndTimestamp<SpecimenSums> stored = tallies.get(specimenId);
        return stored == null ? null : current(specimenId, stored);
    }

    private SpecimenSums current(String specimenId, ValueAndTimestamp<SpecimenSums> stored) {
        if (stored.value().isCurrent()) {
            return stored.value();
        }
        SpecimenSums summed =
                stored.value().summedAgain(ImageEntry.tally(images(specimenId).values()));
        tallies.put(specimenId, ValueAndTimestamp.make(summed, stored.timestamp()));
        return summed;
    }

    /** Takes a change in; of an image the store of images holds it already. */
    void take(String specimenId, SpecimenChange change, long timestamp) {
        ValueAndTimestamp<SpecimenSums> stored = tallies.get(specimenId);
        SpecimenSums before = stored == null ? SpecimenSums.EMPTY : current(specimenId, stored);
        boolean summedJustNow = stored != null && !stored.value().isCurrent();
        SpecimenSums after =
                summedJustNow && change instanceof SpecimenChange.ImageChanged ? before : before.with(change);
        long newest = stored == null ? timestamp : Math.max(stored.timestamp(), timestamp);
        tallies.put(specimenId, ValueAndTimestamp.make(after, newest));
    }

    /** The specimens from an id on, that one left out; null begins with the first. */
    KeyValueIterator<String, ValueAndTimestamp<SpecimenSums>> after(@Nullable String specimenId) {
        // The smallest text that is greater.
        return tallies.range(specimenId == null ? null : specimenId + '\0', null);
    }

    /** About how many specimens there are. */
    long size() {
        return tallies.approximateNumEntries();
    }

    /** A specimen's images by id. */
    Map<String, ImageEntry> images(String specimenId) {
        Map<String, ImageEntry> ofSpecimen = new TreeMap<>();
        try (KeyValueIterator<String, ImageEntry> found = images.prefixScan(specimenId + ".", new StringSerializer())) {
            while (found.hasNext()) {
                KeyValue<String, ImageEntry> next = found.next();
                ofSpecimen.put(next.key, next.value);
            }
        }
        return ofSpecimen;
    }
}
