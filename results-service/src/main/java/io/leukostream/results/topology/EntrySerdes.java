package io.leukostream.results.topology;

import io.leukostream.events.CellReview;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.schemas.Topic;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Store entries made of the topics' records, each part in the wire format of its own topic, so that an entry written by
 * an older version is read by its schema. A part is its length (four bytes, −1 for none) and its bytes.
 */
final class EntrySerdes {
    private EntrySerdes() {}

    static Serde<ImageEntry> images(EventSerdes events) {
        Part<ImageReceipt> receipt = new Part<>(Topic.IMAGE_RECEIPTS, events);
        Part<ImageClassified> classified = new Part<>(Topic.CELL_CLASSIFICATIONS, events);
        Part<ImageRejected> rejected = new Part<>(Topic.IMAGE_REJECTIONS, events);
        return Serdes.serdeFrom(
                (topic, entry) -> entry == null
                        ? null
                        : joined(
                                receipt.write(entry.receipt()),
                                classified.write(entry.classified()),
                                rejected.write(entry.rejected())),
                (topic, bytes) -> {
                    if (bytes == null) {
                        return null;
                    }
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    return new ImageEntry(receipt.read(buffer), classified.read(buffer), rejected.read(buffer));
                });
    }

    static Serde<ReviewEntry> reviews(EventSerdes events) {
        Part<CellReview> review = new Part<>(Topic.CELL_REVIEWS, events);
        return Serdes.serdeFrom(
                (topic, entry) -> entry == null
                        ? null
                        : joined(
                                review.write(entry.event()),
                                entry.audited() ? Optional.of(new byte[0]) : Optional.empty()),
                (topic, bytes) -> {
                    if (bytes == null) {
                        return null;
                    }
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    CellReview event = Objects.requireNonNull(review.read(buffer), "a review entry holds its event");
                    return new ReviewEntry(event, buffer.getInt() >= 0);
                });
    }

    @SafeVarargs
    private static byte[] joined(Optional<byte[]>... parts) {
        int length = 0;
        for (Optional<byte[]> part : parts) {
            length += Integer.BYTES + part.map(bytes -> bytes.length).orElse(0);
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        for (Optional<byte[]> part : parts) {
            part.ifPresentOrElse(bytes -> buffer.putInt(bytes.length).put(bytes), () -> buffer.putInt(-1));
        }
        return buffer.array();
    }

    private static final class Part<T extends org.apache.avro.specific.SpecificRecord> {
        private final String topic;
        private final Serde<T> serde;

        Part(Topic topic, EventSerdes events) {
            this.topic = topic.topicName();
            this.serde = events.of(topic);
        }

        Optional<byte[]> write(@Nullable T record) {
            return record == null
                    ? Optional.empty()
                    : Optional.of(serde.serializer().serialize(topic, record));
        }

        @Nullable
        T read(ByteBuffer buffer) {
            int length = buffer.getInt();
            if (length < 0) {
                return null;
            }
            byte[] bytes = new byte[length];
            buffer.get(bytes);
            return serde.deserializer().deserialize(topic, bytes);
        }
    }
}
