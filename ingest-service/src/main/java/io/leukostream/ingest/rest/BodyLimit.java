package io.leukostream.ingest.rest;

import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.schemas.ImageLimit;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts a body without stated length as it arrives, and stops reading where it grows beyond the limit on images or the
 * admission limit; {@link Doorkeeper} has seen to the others.
 */
@Provider
public class BodyLimit implements ReaderInterceptor {
    /** Providers are made before the settings are known. */
    private final Instance<ImageLimit> limit;

    private final Instance<RoutingContext> routing;

    BodyLimit(Instance<ImageLimit> limit, Instance<RoutingContext> routing) {
        this.limit = limit;
        this.routing = routing;
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        BytesInFlight.Reservation reservation = routing.get().get(Doorkeeper.GROWING);
        if (reservation != null) {
            context.setInputStream(
                    new Limited(context.getInputStream(), limit.get().maxBodyBytes(), reservation));
        }
        return context.proceed();
    }

    private static final class Limited extends FilterInputStream {
        private final BytesInFlight.Reservation reservation;
        private long left;

        Limited(InputStream in, long limit, BytesInFlight.Reservation reservation) {
            super(in);
            this.reservation = reservation;
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(read);
            return read;
        }

        private void count(int read) {
            if (read <= 0) {
                return;
            }
            left -= read;
            if (left < 0) {
                throw new WebApplicationException(Response.Status.REQUEST_ENTITY_TOO_LARGE);
            }
            if (!reservation.grow(read)) {
                throw new WebApplicationException(Response.Status.TOO_MANY_REQUESTS);
            }
        }
    }
}
