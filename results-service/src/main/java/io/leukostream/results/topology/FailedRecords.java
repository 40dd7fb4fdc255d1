package io.leukostream.results.topology;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jboss.logging.Logger;

/**
 * What happens to a record that no {@link GuardedRead} saw through: a step fails over it, what follows from it cannot be
 * written, or its key is no text. It is named in the log and by the metric, and the next one follows: one record must never
 * stop all that come after it. A failure of the infrastructure is no record's: it ends the thread, and the record is read
 * again.
 */
public final class FailedRecords
        implements ProcessingExceptionHandler, ProductionExceptionHandler, DeserializationExceptionHandler {
    /** The setting that holds the {@link TopologyObserver}. */
    static final String OBSERVER = "leukostream.topology.observer";

    private static final Logger LOG = Logger.getLogger(FailedRecords.class);

    private TopologyObserver observer = TopologyObserver.NONE;

    /** Made by Streams, by its name in the settings. */
    public FailedRecords() {}

    @Override
    public void configure(Map<String, ?> configs) {
        if (configs.get(OBSERVER) instanceof TopologyObserver configured) {
            observer = configured;
        }
    }

    @Override
    public ProcessingHandlerResponse handle(ErrorHandlerContext at, Record<?, ?> record, Exception failure) {
        return passes(at, "PROCESSING_FAILED", failure)
                ? ProcessingHandlerResponse.CONTINUE
                : ProcessingHandlerResponse.FAIL;
    }

    @Override
    public DeserializationHandlerResponse handle(
            ErrorHandlerContext at, ConsumerRecord<byte[], byte[]> record, Exception failure) {
        return passes(at, "UNREADABLE", failure)
                ? DeserializationHandlerResponse.CONTINUE
                : DeserializationHandlerResponse.FAIL;
    }

    @Override
    public ProductionExceptionHandlerResponse handle(
            ErrorHandlerContext at, ProducerRecord<byte[], byte[]> record, Exception failure) {
        // Whatever else the broker answers is said of the broker, and not of this record.
        boolean passes = failure instanceof RecordTooLargeException && passes(at, "TOO_LARGE_TO_WRITE", failure);
        return passes ? ProductionExceptionHandlerResponse.CONTINUE : ProductionExceptionHandlerResponse.FAIL;
    }

    @Override
    @SuppressWarnings("rawtypes") // As Streams declares it.
    public ProductionExceptionHandlerResponse handleSerializationException(
            ErrorHandlerContext at, ProducerRecord record, Exception failure, SerializationExceptionOrigin origin) {
        return passes(at, "UNWRITABLE", failure)
                ? ProductionExceptionHandlerResponse.CONTINUE
                : ProductionExceptionHandlerResponse.FAIL;
    }

    private boolean passes(ErrorHandlerContext at, String reason, Exception failure) {
        if (!(failure instanceof RecordTooLargeException) && Infrastructure.failed(failure)) {
            LOG.warnf(
                    "A record cannot be taken in for now, topic %s, partition %d, offset %d: %s",
                    at.topic(), at.partition(), at.offset(), failure.getMessage());
            return false;
        }
        LOG.errorf(
                failure,
                "Passed over a record, %s in %s, topic %s, partition %d, offset %d",
                reason,
                at.processorNodeId(),
                at.topic(),
                at.partition(),
                at.offset());
        observer.rejected(Objects.requireNonNullElse(at.topic(), "none"), reason);
        return true;
    }
}
