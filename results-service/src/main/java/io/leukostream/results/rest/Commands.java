package io.leukostream.results.rest;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.events.AlertDelivery;
import io.leukostream.events.CellReview;
import io.leukostream.events.ImageRejected;
import io.leukostream.schemas.Topic;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Writes what people did to the log; the topology reads it there. Returns only when all in-sync replicas have it. The one
 * place through which an actor's name enters.
 */
public final class Commands implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Producer<String, SpecificRecord> producer;

    /** Writes with this producer, which it closes. */
    public Commands(Producer<String, SpecificRecord> producer) {
        this.producer = producer;
    }

    void review(CellReview review) {
        send(Topic.CELL_REVIEWS, review.getSpecimenId(), review);
    }

    /** What a person did about an alert: acknowledged or closed it. */
    void act(AlertAcknowledgement act) {
        send(Topic.ALERT_ACKNOWLEDGEMENTS, act.getPatientId(), act);
    }

    /** Notes that a channel tried to deliver a step of an alert. */
    public void delivered(AlertDelivery delivery) {
        send(Topic.ALERT_DELIVERIES, delivery.getPatientId(), delivery);
    }

    /** Ends an image that nobody else ends. */
    public void ended(ImageRejected outcome) {
        send(Topic.IMAGE_REJECTIONS, outcome.getSpecimenId(), outcome);
    }

    private void send(Topic topic, String key, SpecificRecord value) {
        try {
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(topic.topicName(), key, value));
            sent.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw unavailable(e);
        }
    }

    private static Problem unavailable(Exception failure) {
        Problem problem = Problem.unavailable(
                "BROKER_UNAVAILABLE",
                "The broker does not answer",
                "It is not known whether this was kept; send it again.");
        problem.initCause(failure);
        return problem;
    }

    @Override
    public void close() {
        producer.close(TIMEOUT);
    }
}
