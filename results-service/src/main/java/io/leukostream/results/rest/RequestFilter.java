package io.leukostream.results.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.results.config.ResultsConfig;
import io.leukostream.schemas.RequestOrigins;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Looks at each request before anything else does: what is asked under a foreign name, or sent by another site's page, is
 * refused; a body that does not come in time ends its connection; no answer is kept by a browser.
 */
@Singleton
final class RequestFilter {
    private static final Logger LOG = Logger.getLogger(RequestFilter.class);

    /** Before the server's own checks. */
    private static final int PRIORITY = 1000;

    private final RequestOrigins origins;
    private final ObjectMapper json;
    private final Duration longestBody;

    RequestFilter(ResultsConfig config, ObjectMapper json) {
        List<String> names = new ArrayList<>(config.http().allowedHosts().orElse(List.of()));
        String dashboard = config.notification().baseUrl().getHost();
        if (dashboard != null) {
            names.add(dashboard);
        }
        String advertised = URI.create("http://" + config.http().advertised()).getHost();
        if (advertised != null) {
            names.add(advertised);
        }
        String pages = config.notification().baseUrl().getAuthority();
        this.origins = new RequestOrigins(names, pages == null ? List.of() : List.of(pages));
        this.json = json;
        this.longestBody = config.http().longestBody();
    }

    void guard(@Observes Filters filters) {
        filters.register(this::admit, PRIORITY);
    }

    private void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.addHeadersEndHandler(end -> {
            MultiMap headers = context.response().headers();
            if (!headers.contains(HttpHeaders.CACHE_CONTROL)) {
                headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
            }
            headers.set("X-Content-Type-Options", "nosniff");
        });
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
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
        origins.refusal(head).ifPresentOrElse(refusal -> refuse(context, refusal), () -> {
            if (hasBody) {
                endInTime(context);
            }
            context.next();
        });
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

    private void refuse(RoutingContext context, RequestOrigins.Refusal refusal) {
        ProblemJson problem = switch (refusal) {
            case HOST_NOT_ALLOWED ->
                ProblemJson.of(
                        421,
                        "HOST_NOT_ALLOWED",
                        "The service is not known by this name",
                        "Ask under localhost or an address, or set leukostream.http.allowed-hosts.");
            case CROSS_SITE ->
                ProblemJson.of(
                        403,
                        "CROSS_SITE",
                        "A page of another site sent this request",
                        "Only this service's own pages may send it.");
            case UNTYPED_BODY ->
                ProblemJson.of(
                        415,
                        "UNSUPPORTED_MEDIA_TYPE",
                        "The body has no type",
                        "State the body's type in the header Content-Type.");
        };
        HttpServerResponse response = context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        if (context.request().version() != HttpVersion.HTTP_2) {
            // What is left of the body is not read. HTTP/2 forbids the header.
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        try {
            response.end(json.writeValueAsString(problem))
                    .onFailure(e -> LOG.debug("the sender of a refused request is gone", e));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem of strings and a number can be written as JSON", e);
        }
    }
}
