package io.leukostream.inference.messaging;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.events.ImageEvidence;
import io.leukostream.events.SmearImage;
import io.leukostream.inference.domain.ImageHead;
import io.leukostream.inference.domain.ImageQuality;
import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.PixelSize;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.RejectionReason;
import io.leukostream.inference.domain.Source;
import io.leukostream.inference.domain.SpecimenType;
import io.leukostream.schemas.Deadline;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes evidence, outcomes and offsets in one transaction. The evidence goes first, because each outcome names the place
 * of its evidence. A shadow writes what was classified to a topic of its own, and no evidence: the place that such an
 * outcome names for it is its image's. After an exception a writer is of no further use; the open transaction is aborted
 * when the next writer of the same id is opened.
 */
final class OutcomeWriter implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final KafkaProducer<String, byte[]> producer;
    private final AvroKafkaSerializer<SpecificRecord> serializer;
    private final OutcomeRecords records;
    private final Role role;

    private OutcomeWriter(
            KafkaProducer<String, byte[]> producer,
            AvroKafkaSerializer<SpecificRecord> serializer,
            OutcomeRecords records,
            Role role) {
        this.producer = producer;
        this.serializer = serializer;
        this.records = records;
        this.role = role;
    }

    /**
     * Learns the ids of the schemas, and fences and aborts what a former writer of this id left.
     *
     * @throws InfrastructureException if the registry does not answer
     */
    static OutcomeWriter open(LaneSettings settings, Priority lane, ModelDescription model) {
        AvroKafkaSerializer<SpecificRecord> serializer = new AvroKafkaSerializer<>();
        KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings.producer(lane), new StringSerializer(), new ByteArraySerializer());
        OutcomeWriter writer = new OutcomeWriter(producer, serializer, new OutcomeRecords(model), settings.role());
        try {
            serializer.configure(settings.serializer(), false);
            writer.learnSchemas(lane);
            for (Topic topic : writer.topics()) {
                producer.partitionsFor(topic.topicName());
            }
            producer.initTransactions();
            return writer;
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    private List<Topic> topics() {
        return switch (role) {
            case SERVING -> List.of(Topic.IMAGE_EVIDENCE, role.classifications(), Topic.IMAGE_REJECTIONS);
            case SHADOW -> List.of(role.classifications());
        };
    }

    /** Writes the outcomes and commits. */
    void write(List<Outcome> outcomes, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        producer.beginTransaction();
        switch (role) {
            case SERVING -> writeServing(outcomes, now());
            case SHADOW -> writeShadow(outcomes, now());
        }
        producer.sendOffsetsToTransaction(offsets, group);
        producer.commitTransaction();
    }

    private void writeShadow(List<Outcome> outcomes, Instant now) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Classified classified) {
                // What fails is told by the commit.
                Future<RecordMetadata> _ = send(
                        role.classifications(),
                        classified.head().specimenId(),
                        records.classified(classified, classified.source(), now));
            }
        }
    }

    private void writeServing(List<Outcome> outcomes, Instant now) {
        List<@Nullable Future<RecordMetadata>> evidence = new ArrayList<>(outcomes.size());
        for (Outcome outcome : outcomes) {
            evidence.add(
                    outcome instanceof Outcome.Classified classified
                            ? send(Topic.IMAGE_EVIDENCE, classified.head().specimenId(), records.evidence(classified))
                            : null);
        }
        producer.flush();
        for (int k = 0; k < outcomes.size(); k++) {
            // What fails is told by the commit.
            Future<RecordMetadata> _ = switch (outcomes.get(k)) {
                case Outcome.Classified classified ->
                    send(
                            role.classifications(),
                            classified.head().specimenId(),
                            records.classified(classified, place(evidence.get(k)), now));
                case Outcome.Rejected rejected ->
                    send(Topic.IMAGE_REJECTIONS, rejected.specimenId(), records.rejected(rejected, now));
            };
        }
    }

    private Future<RecordMetadata> send(Topic topic, String specimenId, SpecificRecord value) {
        return producer.send(new ProducerRecord<>(topic.topicName(), specimenId, serialized(topic, value)));
    }

    private byte[] serialized(Topic topic, SpecificRecord value) {
        try (Deadline _ = new Deadline(WireFormat.LONGEST_QUESTION)) {
            return serializer.serialize(topic.topicName(), value);
        } catch (RuntimeException e) {
            throw new InfrastructureException("a record of " + topic.topicName() + " could not be serialised", e);
        }
    }

    private static Source place(@Nullable Future<RecordMetadata> sent) {
        if (sent == null) {
            throw new IllegalStateException("a classified image has no evidence");
        }
        try {
            RecordMetadata place = sent.get();
            return new Source(place.topic(), place.partition(), place.offset());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("evidence could not be written", e);
        }
    }

    /** The value of an image record as this version's scanners write it, to try a reader with. */
    byte[] sampleImage(Priority lane) {
        SmearImage sample = SmearImage.newBuilder()
                .setImageId("")
                .setSpecimenId("")
                .setSpecimenType("")
                .setKind("")
                .setMediaType("")
                .setWidthPx(1)
                .setHeightPx(1)
                .setContentSha256("")
                .setReceivedAt(now())
                .setImage(ByteBuffer.allocate(0))
                .build();
        return serialized(LaneSettings.topic(lane), sample);
    }

    /** Serialises one record of each kind, so that the first image waits for no registry. */
    private void learnSchemas(Priority lane) {
        Source nowhere = new Source(LaneSettings.topic(lane).topicName(), 0, 0);
        Outcome.Rejected rejected =
                new Outcome.Rejected(nowhere, "", "", 1, RejectionReason.RECORD_UNREADABLE, "", null, lane, null, null);
        serialized(Topic.IMAGE_REJECTIONS, records.rejected(rejected, now()));
        ImageEvidence evidence = ImageEvidence.newBuilder()
                .setImageId("")
                .setSpecimenId("")
                .setBundleSha256("")
                .setCrops(List.of())
                .build();
        serialized(Topic.IMAGE_EVIDENCE, evidence);
        Outcome.Classified classified = new Outcome.Classified(
                nowhere,
                new ImageHead(
                        "", "", SpecimenType.BONE_MARROW, Kind.CELL, 1, "", OptionalDouble.empty(), lane, null, now()),
                new ImageQuality(1, 1, new PixelSize(1, PixelSize.Origin.STATED), 0, 0, 0),
                List.of(),
                null,
                1);
        serialized(role.classifications(), records.classified(classified, nowhere, now()));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        serializer.close();
    }
}
