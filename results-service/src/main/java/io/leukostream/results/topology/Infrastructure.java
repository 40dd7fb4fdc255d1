package io.leukostream.results.topology;

import io.leukostream.schemas.RegistryUnavailableException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Tells a failure of what is around a record from one of the record. */
public final class Infrastructure {
    private Infrastructure() {}

    /** Whether broker, registry or disk are to blame, or the process is being ended: then the record is read again. */
    public static boolean failed(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RegistryUnavailableException
                    || cause instanceof java.net.ConnectException
                    || cause instanceof java.net.SocketException
                    || cause instanceof java.net.http.HttpTimeoutException
                    || cause instanceof java.util.concurrent.TimeoutException
                    || cause instanceof InterruptedException
                    || (cause instanceof KafkaException && !(cause instanceof SerializationException))) {
                return true;
            }
        }
        return false;
    }
}
