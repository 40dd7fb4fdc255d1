package io.leukostream.results.topology;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jboss.logging.Logger;

/**
 * What happens to a record that cannot be read. One that is no Avro of ours is poison: it is named in the log and
 * skipped, or it would stop its whole partition. A registry that does not answer is no poison: the thread ends, is
 * replaced and reads the record again.
 */
public final class PoisonSkipped implements DeserializationExceptionHandler {
    private static final Logger LOG = Logger.getLogger(PoisonSkipped.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Override
    public DeserializationHandlerResponse handle(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception failure) {
        if (isPoison(failure)) {
            LOG.errorf(
                    failure,
                    "Skipped a record that cannot be read, topic %s, partition %d, offset %d",
                    record.topic(),
                    record.partition(),
                    record.offset());
            return DeserializationHandlerResponse.CONTINUE;
        }
        LOG.warnf(
                "Cannot read a record for now, topic %s, partition %d, offset %d: %s",
                record.topic(), record.partition(), record.offset(), failure.getMessage());
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return DeserializationHandlerResponse.FAIL;
    }

    /** Whether the bytes are to blame; without a sign of that, what is around them is. */
    static boolean isPoison(Throwable failure) {
        boolean malformed = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.net.ConnectException
                    || cause instanceof java.net.SocketException
                    || cause instanceof java.net.http.HttpTimeoutException
                    || cause instanceof java.util.concurrent.TimeoutException) {
                return false;
            }
            String message = cause.getMessage() == null ? "" : cause.getMessage();
            malformed |= cause instanceof AvroRuntimeException
                    || cause instanceof java.nio.BufferUnderflowException
                    || cause instanceof IndexOutOfBoundsException
                    || cause instanceof java.io.EOFException
                    || (cause instanceof IOException && message.startsWith("Invalid"))
                    || message.contains("Unknown magic byte")
                    || message.contains("ContentNotFound")
                    || message.contains("No content with");
        }
        return malformed;
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // There is nothing to set.
    }
}
