package io.leukostream.ingest.messaging;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.leukostream.events.Coordinates;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.SmearImage;
import io.leukostream.events.SpecimenRegistered;
import io.leukostream.ingest.domain.Assignment;
import io.leukostream.ingest.domain.LogPosition;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Priority;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.ReceivedImage;
import io.leukostream.ingest.domain.Specimen;
import io.leukostream.ingest.domain.Submission;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.schemas.Deadline;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.Topic;
import io.leukostream.schemas.WireFormat;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes ingest's records. Each method returns when all in-sync replicas have the record; any number of threads may
 * call.
 *
 * <p>Each method that publishes throws {@link UnavailableException} if the record was not acknowledged in the delivery
 * time, or the registry did not name its schema in it; the record may lie in the log all the same.
 */
public final class EventPublisher implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;
    private final AvroKafkaSerializer<SpecificRecord> serializer = new AvroKafkaSerializer<>();
    private final Duration deliveryTimeout;

    /**
     * Connects as soon as there is something to write, not here.
     *
     * @param registryUrl the registry's core API
     * @param limit from which the largest record and the producer's memory are derived
     * @param deliveryTimeout how long a record may take
     */
    public EventPublisher(String bootstrapServers, String registryUrl, ImageLimit limit, Duration deliveryTimeout) {
        this.deliveryTimeout = deliveryTimeout;
        serializer.configure(WireFormat.settings(registryUrl), false);
        int timeoutMillis = Math.toIntExact(deliveryTimeout.toMillis());
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "leukostream-ingest");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis / 2);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
        // Every sender waits for its own record: holding one back for company only delays it.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, limit.maxRecordBytes());
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, limit.producerBufferBytes());
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** Publishes which patient a specimen belongs to, and whom it was taken from. */
    public void publish(Assignment assignment) {
        Specimen specimen = assignment.specimen();
        String specimenId = specimen.specimenId().value();
        send(
                Topic.SPECIMENS,
                specimenId,
                SpecimenRegistered.newBuilder()
                        .setSpecimenId(specimenId)
                        .setPatientId(specimen.patientId().value())
                        .setSpecimenType(specimen.type().name())
                        .setKind(specimen.kind().name())
                        .setVersion(specimen.version())
                        .setRegisteredAt(specimen.registeredAt())
                        .setFormerPatientIds(assignment.formerPatients().stream()
                                .map(PatientId::value)
                                .toList())
                        .setAssignedBy(assignment.assignedBy())
                        .build());
    }

    /** Publishes an image to the lane of its priority. */
    public LogPosition publish(ReceivedImage image) {
        Submission submission = image.submission();
        LocalDate capturedOn = submission.capturedOn();
        return send(
                submission.priority() == Priority.STAT ? Topic.SMEAR_IMAGES_STAT : Topic.SMEAR_IMAGES,
                image.imageId().value(),
                SmearImage.newBuilder()
                        .setImageId(image.imageId().value())
                        .setSpecimenId(image.specimen().specimenId().value())
                        .setSpecimenType(image.specimen().type().name())
                        .setKind(image.specimen().kind().name())
                        .setAttempt(image.attempt())
                        .setMediaType(image.header().mediaType().text())
                        .setWidthPx(image.header().widthPx())
                        .setHeightPx(image.header().heightPx())
                        .setContentSha256(image.contentSha256())
                        .setPixelSizeMicrometres(submission.pixelSizeMicrometres())
                        .setPriority(submission.priority().name())
                        .setScanner(submission.scanner())
                        .setStain(submission.stain())
                        .setCapturedOn(capturedOn == null ? null : capturedOn.toString())
                        .setReceivedAt(image.receivedAt())
                        .setImage(image.bytes())
                        .build());
    }

    /** Publishes the receipt of an image that lies in the log. */
    public void publishReceipt(ReceivedImage image, LogPosition position) {
        String specimenId = image.specimen().specimenId().value();
        send(
                Topic.IMAGE_RECEIPTS,
                specimenId,
                ImageReceipt.newBuilder()
                        .setImageId(image.imageId().value())
                        .setSpecimenId(specimenId)
                        .setAttempt(image.attempt())
                        .setImage(new Coordinates(position.topic(), position.partition(), position.offset()))
                        .setSizeBytes(image.bytes().remaining())
                        .setPriority(image.submission().priority().name())
                        .setScanner(image.submission().scanner())
                        .setReceivedAt(image.receivedAt())
                        .build());
    }

    private LogPosition send(Topic topic, String key, SpecificRecord value) {
        byte[] bytes = serialize(topic, value);
        try {
            RecordMetadata written = producer.send(new ProducerRecord<>(topic.topicName(), key, bytes))
                    .get();
            return new LogPosition(written.topic(), written.partition(), written.offset());
        } catch (ExecutionException e) {
            throw unavailable(topic, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(topic, e);
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
            throw unavailable(topic, e);
        } catch (KafkaException e) {
            throw unavailable(topic, e);
        }
    }

    private byte[] serialize(Topic topic, SpecificRecord value) {
        try (Deadline _ = new Deadline(deliveryTimeout)) {
            return serializer.serialize(topic.topicName(), value);
        } catch (RuntimeException e) {
            // The records are valid by construction, so what fails is the search for the schema's id.
            throw new UnavailableException(
                    ProblemCode.REGISTRY_UNAVAILABLE, "the registry did not name the schema of " + topic.subject(), e);
        }
    }

    private static UnavailableException unavailable(Topic topic, Throwable cause) {
        return new UnavailableException(
                ProblemCode.BROKER_UNAVAILABLE,
                "no acknowledgement for a record of " + topic.topicName() + ": "
                        + cause.getClass().getSimpleName(),
                cause);
    }

    /** Waits for what is under way, at most the delivery time, and disconnects. */
    @Override
    public void close() {
        producer.close(deliveryTimeout);
        serializer.close();
    }
}
