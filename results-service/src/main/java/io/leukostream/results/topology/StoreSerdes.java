package io.leukostream.results.topology;

import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.DeliveryHistory;
import io.leukostream.results.domain.ImageAccount;
import io.leukostream.results.domain.ScannerDay;
import io.leukostream.results.domain.SignedLink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;

/**
 * How the entries of each store are written, on disk and from one instance to another: an instance of another version
 * reads them as it would read an older store. Between instances an entry is the length of its key (four bytes), its key,
 * the length of its value and its value.
 */
final class StoreSerdes {
    private final Map<String, Serde<?>> serdes;

    StoreSerdes(EventSerdes events) {
        this.serdes = Map.ofEntries(
                Map.entry(Stores.IMAGES, EntrySerdes.images(events)),
                Map.entry(Stores.PENDING, Serdes.Long()),
                Map.entry(Stores.REVIEWS, EntrySerdes.reviews(events)),
                Map.entry(Stores.TALLIES, new JsonSerde<>(SpecimenSums.class)),
                Map.entry(Stores.CHANGED, Serdes.Long()),
                Map.entry(Stores.ASSESSMENTS, new JsonSerde<>(SpecimenAssessment.class)),
                Map.entry(Stores.SCANNER_DAYS, new JsonSerde<>(ScannerDay.class)),
                Map.entry(Stores.ACCOUNTS, new JsonSerde<>(ImageAccount.class)),
                Map.entry(Stores.PATIENTS, new JsonSerde<>(PatientState.class)),
                Map.entry(Stores.ALERTS, new JsonSerde<>(Alert.class)),
                Map.entry(Stores.DUE, Serdes.Long()),
                Map.entry(Stores.EARLY, new JsonSerde<>(EarlyActs.class)),
                Map.entry(Stores.DELIVERIES, new JsonSerde<>(DeliveryHistory.class)),
                Map.entry(Stores.AUDIT, new JsonSerde<>(SignedLink.class)));
    }

    boolean knows(String store) {
        return serdes.containsKey(store);
    }

    @SuppressWarnings("unchecked") // The map above pairs each store with the serde of its values.
    <V> Serde<V> of(String store) {
        Serde<?> serde = serdes.get(store);
        if (serde == null) {
            throw new IllegalArgumentException("there is no store " + store);
        }
        return (Serde<V>) serde;
    }

    <V> byte[] framed(String store, List<KeyValue<String, V>> entries) {
        Serde<V> serde = of(store);
        List<byte[]> parts = new ArrayList<>(2 * entries.size());
        int length = 0;
        for (KeyValue<String, V> entry : entries) {
            parts.add(entry.key.getBytes(StandardCharsets.UTF_8));
            parts.add(serde.serializer().serialize(store, entry.value));
        }
        for (byte[] part : parts) {
            length = Math.addExact(length, Integer.BYTES + part.length);
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            buffer.putInt(part.length).put(part);
        }
        return buffer.array();
    }

    <V> List<KeyValue<String, V>> unframed(String store, byte[] bytes) {
        Serde<V> serde = of(store);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<KeyValue<String, V>> entries = new ArrayList<>();
        while (buffer.hasRemaining()) {
            String key = new String(part(buffer), StandardCharsets.UTF_8);
            entries.add(KeyValue.pair(key, serde.deserializer().deserialize(store, part(buffer))));
        }
        return entries;
    }

    private static byte[] part(ByteBuffer buffer) {
        byte[] part = new byte[buffer.getInt()];
        buffer.get(part);
        return part;
    }
}
