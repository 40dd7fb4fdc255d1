package io.leukostream.results.topology;

import io.leukostream.events.CellReview;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps each review event once. */
final class ReviewRecorder implements FixedKeyProcessor<String, CellReview, SpecimenChange> {
    private FixedKeyProcessorContext<String, SpecimenChange> context;
    private KeyValueStore<String, ReviewEntry> reviews;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    ReviewRecorder() {}

    @Override
    public void init(FixedKeyProcessorContext<String, SpecimenChange> context) {
        this.context = context;
        this.reviews = context.getStateStore(Stores.REVIEWS);
    }

    @Override
    public void process(FixedKeyRecord<String, CellReview> record) {
        String key = record.key() + "." + record.value().getEventId();
        if (reviews.get(key) == null) {
            reviews.put(key, new ReviewEntry(record.value(), false));
            context.forward(record.withValue(new SpecimenChange.Reviewed()));
        }
    }
}
