package io.leukostream.results.topology;

import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Takes each change into its specimen's sums, and tells that there was one. */
final class SpecimenTallier implements FixedKeyProcessor<String, SpecimenChange, Long> {
    private FixedKeyProcessorContext<String, Long> context;
    private SpecimenTallies tallies;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    SpecimenTallier() {}

    @Override
    public void init(FixedKeyProcessorContext<String, Long> context) {
        this.context = context;
        this.tallies = new SpecimenTallies(context.getStateStore(Stores.TALLIES), context.getStateStore(Stores.IMAGES));
    }

    @Override
    public void process(FixedKeyRecord<String, SpecimenChange> record) {
        tallies.take(record.key(), record.value(), record.timestamp());
        context.forward(record.withValue(record.timestamp()));
    }
}
