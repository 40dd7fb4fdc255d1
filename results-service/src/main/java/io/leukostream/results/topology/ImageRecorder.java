package io.leukostream.results.topology;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps what the log says of each image and tells how it changed. The same record again, or one that counts for less than
 * what is there, changes nothing.
 */
final class ImageRecorder<V> implements FixedKeyProcessor<String, V, SpecimenChange> {
    private final Function<V, String> imageIdOf;
    private final BiFunction<ImageEntry, V, ImageEntry> apply;
    private FixedKeyProcessorContext<String, SpecimenChange> context;
    private KeyValueStore<String, ImageEntry> images;
    private KeyValueStore<String, Long> pending;
    private ImageAccounts accounts;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    ImageRecorder(Function<V, String> imageIdOf, BiFunction<ImageEntry, V, ImageEntry> apply) {
        this.imageIdOf = imageIdOf;
        this.apply = apply;
    }

    @Override
    public void init(FixedKeyProcessorContext<String, SpecimenChange> context) {
        this.context = context;
        this.images = context.getStateStore(Stores.IMAGES);
        this.pending = context.getStateStore(Stores.PENDING);
        this.accounts = new ImageAccounts(context.getStateStore(Stores.ACCOUNTS));
    }

    @Override
    public void process(FixedKeyRecord<String, V> record) {
        String imageId = imageIdOf.apply(record.value());
        ImageEntry stored = images.get(imageId);
        ImageEntry before = stored == null ? ImageEntry.EMPTY : stored;
        ImageEntry after = apply.apply(before, record.value());
        SpecimenChange.ImageChanged change = new SpecimenChange.ImageChanged(before.state(), after.state());
        if (after.equals(before)) {
            return;
        }
        images.put(imageId, after);
        accounts.replace(record.key(), before, after);
        var receipt = after.receipt();
        if (receipt != null && change.after().outcome() == null) {
            pending.put(imageId, receipt.getReceivedAt().toEpochMilli());
        } else if (change.before().receipted() && change.before().outcome() == null) {
            pending.delete(imageId);
        }
        if (!change.before().equals(change.after())) {
            context.forward(record.withValue(change));
        }
    }
}
