package io.leukostream.results.topology;

import io.leukostream.events.Coordinates;
import io.leukostream.events.RecordRejected;
import io.leukostream.results.topology.UnusableRecordException.Reason;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The read step of every source. It takes the bytes, so that whatever a topic holds comes by here: a record that cannot be
 * used is named with its place and goes no further, and the next one follows. An infrastructure that fails, such as the
 * registry, says nothing of a record: that ends the thread, which is replaced and reads the record again.
 */
final class GuardedRead<V> implements FixedKeyProcessor<String, byte[], ReadRecord<V>> {
    private static final Logger LOG = Logger.getLogger(GuardedRead.class);
    private static final int LONGEST_DETAIL = 300;

    private final Class<V> type;
    private final Deserializer<? super V> values;
    private final Check<V> check;
    private final TopologyObserver observer;
    private FixedKeyProcessorContext<String, ReadRecord<V>> context;

    /** Holds a record to what the topology takes for granted. */
    interface Check<V> {
        /**
         * Passes.
         *
         * @throws UnusableRecordException if the record cannot be used
         * @throws RuntimeException any other, if a value is impossible
         */
        void check(String key, V value);
    }

    /**
     * A step.
     *
     * @param type of the values; a record of another topic is read as another one
     */
    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    GuardedRead(Class<V> type, Deserializer<? super V> values, Check<V> check, TopologyObserver observer) {
        this.type = type;
        this.values = values;
        this.check = check;
        this.observer = observer;
    }

    @Override
    public void init(FixedKeyProcessorContext<String, ReadRecord<V>> context) {
        this.context = context;
    }

    @Override
    public void process(FixedKeyRecord<String, byte[]> record) {
        ReadRecord<V> read;
        RecordMetadata at =
                context.recordMetadata().orElseThrow(() -> new IllegalStateException("a source has coordinates"));
        try {
            read = new ReadRecord.Usable<>(usable(at.topic(), record));
        } catch (UnusableRecordException e) {
            read = unusable(at, record, e);
        }
        context.forward(record.withValue(read));
    }

    private V usable(String topic, FixedKeyRecord<String, byte[]> record) {
        byte @Nullable [] bytes = record.value();
        if (bytes == null) {
            throw new UnusableRecordException(Reason.TOMBSTONE, "The record has no value; nothing is deleted by it.");
        }
        @Nullable Object value;
        try {
            value = values.deserialize(topic, record.headers(), bytes);
        } catch (RuntimeException e) {
            if (Infrastructure.failed(e)) {
                throw e;
            }
            throw new UnusableRecordException(Reason.UNREADABLE, "The bytes are no record: " + root(e));
        }
        if (!type.isInstance(value)) {
            throw new UnusableRecordException(
                    Reason.UNREADABLE,
                    "The record is a "
                            + (value == null ? "null" : value.getClass().getSimpleName()) + " and no "
                            + type.getSimpleName() + ".");
        }
        if (record.key() == null) {
            throw new UnusableRecordException(Reason.NO_KEY, "The record has no key.");
        }
        V typed = type.cast(value);
        try {
            check.check(record.key(), typed);
        } catch (UnusableRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnusableRecordException(Reason.IMPOSSIBLE_VALUE, root(e));
        }
        return typed;
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ", " + root.getMessage();
    }

    private ReadRecord<V> unusable(
            RecordMetadata at, FixedKeyRecord<String, byte[]> record, UnusableRecordException unusable) {
        String reason = unusable.reason().name();
        String detail = Objects.toString(unusable.getMessage(), reason);
        LOG.errorf(
                "Rejected a record that cannot be used, topic %s, partition %d, offset %d: %s, %s",
                at.topic(), at.partition(), at.offset(), reason, detail);
        observer.rejected(at.topic(), reason);
        return new ReadRecord.Unusable<>(RecordRejected.newBuilder()
                .setSource(new Coordinates(at.topic(), at.partition(), at.offset()))
                .setKey(record.key())
                .setReason(reason)
                .setDetail(detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL))
                .setRecordedAt(Instant.ofEpochMilli(record.timestamp()))
                .build());
    }
}
