package io.leukostream.ingest.rest;

import io.leukostream.ingest.config.IngestConfig;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.schemas.ImageLimit;
import io.leukostream.schemas.RequestOrigins;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a request before a byte of its body is read: asked under a foreign name or by another site's page, too large,
 * disk low, too much in flight. A body without
 * stated length is left to {@link BodyLimit}. A body that is still coming when its time is over ends its connection: its
 * room belongs to those who send.
 */
@Singleton
final class Doorkeeper {
    private static final Logger LOG = Logger.getLogger(Doorkeeper.class);

    /** Before the server's own check of the length, whose answer has no body. */
    private static final int PRIORITY = 1000;

    /** Where {@link BodyLimit} finds the reservation that grows with a body without stated length. */
    static final String GROWING = "leukostream.reservation";

    private static final long UNREADABLE = -1;
    /** How long a refused sender may go on: closed at once, it would see a broken connection and no answer. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final ImageLimit limit;
    private final Admission admission;
    private final Problems problems;
    private final Duration longestBody;
    private final RequestOrigins origins;

    Doorkeeper(ImageLimit limit, Admission admission, Problems problems, IngestConfig config) {
        this.limit = limit;
        this.admission = admission;
        this.problems = problems;
        this.longestBody = config.admission().longestBody();
        this.origins = new RequestOrigins(config.http().allowedHosts().orElse(List.of()), List.of());
    }

    void guard(@Observes Filters filters) {
        filters.register(this::admit, PRIORITY);
    }

    /** What no route has answered. */
    void fallBack(@Observes Router router) {
        router.route()
                .order(Integer.MAX_VALUE)
                .handler(context ->
                        problems.write(context, new Problem(ProblemCode.NOT_FOUND, "Check the path of the request.")));
    }

    private void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        keepNoCopy(context);
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        Problem foreign = foreign(context, length);
        if (foreign != null) {
            refuse(context, foreign);
            return;
        }
        if (length == null && request.getHeader(HttpHeaders.TRANSFER_ENCODING) == null) {
            context.next();
            return;
        }
        long bytes = length == null ? 0 : parsed(length);
        Problem problem = problemWith(bytes);
        if (problem != null) {
            refuse(context, problem);
            return;
        }
        BytesInFlight.Reservation reservation;
        try {
            reservation = admission.admit(bytes);
        } catch (UnavailableException e) {
            refuse(context, Problems.later(e.code()));
            return;
        }
        context.addEndHandler(end -> reservation.close());
        if (length == null) {
            context.put(GROWING, reservation);
        }
        endInTime(context);
        lingerAfterAnswer(context);
        context.next();
    }

    /** No answer is kept by a browser or read as another type than it states. */
    private static void keepNoCopy(RoutingContext context) {
        context.addHeadersEndHandler(end -> {
            MultiMap headers = context.response().headers();
            if (!headers.contains(HttpHeaders.CACHE_CONTROL)) {
                headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
            }
            headers.set("X-Content-Type-Options", "nosniff");
        });
    }

    /** What another site's page sends, or asks under another name; null for every other request. */
    private @Nullable Problem foreign(RoutingContext context, @Nullable String length) {
        HttpServerRequest request = context.request();
        boolean hasBody = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || (length != null && !length.strip().equals("0"));
        HostAndPort authority = request.authority();
        RequestOrigins.Head head = new RequestOrigins.Head(
                request.method().name(),
                context.normalizedPath(),
                authority == null ? null : authority.toString(),
                request.getHeader(HttpHeaders.ORIGIN),
                request.getHeader(HttpHeaders.REFERER),
                request.getHeader("Sec-Fetch-Site"),
                request.getHeader(HttpHeaders.CONTENT_TYPE),
                hasBody);
        return origins.refusal(head)
                .map(refusal -> switch (refusal) {
                    case HOST_NOT_ALLOWED ->
                        new Problem(
                                ProblemCode.HOST_NOT_ALLOWED,
                                "Ask under localhost or an address, or set leukostream.http.allowed-hosts.");
                    case CROSS_SITE ->
                        new Problem(ProblemCode.CROSS_SITE, "Only this service's own pages may send it.");
                    case UNTYPED_BODY ->
                        new Problem(
                                ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                                "State the body's type in the header Content-Type.");
                })
                .orElse(null);
    }

    /** The server's own time-outs begin anew with each byte. */
    private void endInTime(RoutingContext context) {
        HttpServerRequest request = context.request();
        long timer = context.vertx().setTimer(longestBody.toMillis(), id -> {
            if (!request.isEnded()) {
                LOG.infof("A body was not complete after %s, and its connection is closed", longestBody);
                request.connection().close();
            }
        });
        context.addEndHandler(end -> context.vertx().cancelTimer(timer));
    }

    private @Nullable Problem problemWith(long bytes) {
        if (bytes == UNREADABLE) {
            return new Problem(ProblemCode.MALFORMED_REQUEST, "The header Content-Length is no length.");
        }
        if (bytes > limit.maxBodyBytes()) {
            return new Problem(
                    ProblemCode.IMAGE_TOO_LARGE,
                    "The body has " + bytes + " bytes; an image may have " + limit.imageBytes() + ".");
        }
        return null;
    }

    private void refuse(RoutingContext context, Problem problem) {
        if (context.request().version() != HttpVersion.HTTP_2) {
            // HTTP/2 forbids the header: its client would see a broken answer.
            context.response().putHeader(HttpHeaders.CONNECTION, "close");
        }
        lingerAfterAnswer(context);
        problems.write(context, problem);
    }

    /** A resource may answer on another thread than the connection's. */
    private static void lingerAfterAnswer(RoutingContext context) {
        Context connection = context.vertx().getOrCreateContext();
        context.addEndHandler(end -> connection.runOnContext(now -> linger(context)));
    }

    /** Swallows what the sender still sends of a body that is answered, and hangs up if that takes too long. */
    private static void linger(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.isEnded()) {
            return;
        }
        boolean hangUp = context.response().headers().contains(HttpHeaders.CONNECTION, "close", true);
        long timer = context.vertx()
                .setTimer(LINGER.toMillis(), id -> request.connection().close());
        request.endHandler(end -> {
            context.vertx().cancelTimer(timer);
            if (hangUp) {
                request.connection().close();
            }
        });
        request.exceptionHandler(e -> {
            context.vertx().cancelTimer(timer);
            LOG.debug("the sender of an answered body is gone", e);
        });
        request.handler(discarded -> {});
        request.resume();
    }

    private static long parsed(String length) {
        try {
            long bytes = Long.parseLong(length);
            return bytes < 0 ? UNREADABLE : bytes;
        } catch (NumberFormatException e) {
            return UNREADABLE;
        }
    }
}
