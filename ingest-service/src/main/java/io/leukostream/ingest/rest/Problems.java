package io.leukostream.ingest.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.ingest.problem.ProblemBody;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place where a problem becomes an answer, and is counted. */
@Singleton
class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = Logger.getLogger(Problems.class);

    private final ObjectMapper json;
    private final IngestMetrics metrics;

    Problems(ObjectMapper json, IngestMetrics metrics) {
        this.json = json;
        this.metrics = metrics;
    }

    /** Answers from a resource. */
    Response response(Problem problem) {
        metrics.refused(problem.code());
        Response.ResponseBuilder response =
                Response.status(problem.code().status()).type(MEDIA_TYPE).entity(ProblemBody.of(problem));
        Duration retryAfter = problem.code().retryAfter();
        if (retryAfter != null) {
            response.header(HttpHeaders.RETRY_AFTER, retryAfter.toSeconds());
        }
        return response.build();
    }

    /** Answers a form that has a problem; one that has none goes on. */
    <T> Response unlessRefused(Form.Reading<T> form, Function<T, Response> on) {
        return switch (form) {
            case Form.Reading.Refused<T> refused -> response(refused.problem());
            case Form.Reading.Complete<T> complete -> on.apply(complete.value());
        };
    }

    /** Answers where no resource has the request yet. */
    void write(RoutingContext context, Problem problem) {
        metrics.refused(problem.code());
        HttpServerResponse response = context.response()
                .setStatusCode(problem.code().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
        Duration retryAfter = problem.code().retryAfter();
        if (retryAfter != null) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter.toSeconds()));
        }
        try {
            response.end(json.writeValueAsString(ProblemBody.of(problem)))
                    .onFailure(e -> LOG.debug("the sender of a refused request is gone", e));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem of strings and a number can be written as JSON", e);
        }
    }

    @ServerExceptionMapper
    Response unavailable(UnavailableException e) {
        LOG.warnf("%s: %s", e.code(), e.getMessage());
        return response(later(e.code()));
    }

    /** The parser's message quotes what was submitted. */
    @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
    Response unreadable(JsonProcessingException e) {
        return response(
                new Problem(ProblemCode.MALFORMED_REQUEST, "The body is not the JSON object that is expected."));
    }

    @ServerExceptionMapper
    Response refusedByServer(WebApplicationException e) {
        return switch (e.getResponse().getStatus()) {
            case 400 -> response(new Problem(ProblemCode.MALFORMED_REQUEST, "The request could not be parsed."));
            case 404 -> response(new Problem(ProblemCode.NOT_FOUND, "Check the path of the request."));
            case 405 -> response(new Problem(ProblemCode.METHOD_NOT_ALLOWED, "Check the method of the request."));
            case 406 -> response(new Problem(ProblemCode.NOT_ACCEPTABLE, "Check the header Accept of the request."));
            case 413 ->
                response(new Problem(ProblemCode.IMAGE_TOO_LARGE, "The body, or one of its parts, is too large."));
            case 415 ->
                response(new Problem(
                        ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Check the header Content-Type of the request."));
            case 429 -> response(later(ProblemCode.TOO_MANY_BYTES_IN_FLIGHT));
            default -> failed(e);
        };
    }

    @ServerExceptionMapper
    Response failed(Throwable e) {
        LOG.error("a request failed", e);
        return response(internal());
    }

    /** For what is away or full for the time being. */
    static Problem later(ProblemCode code) {
        return new Problem(code, "Nothing was accepted; send the same again later.");
    }

    static Problem internal() {
        return new Problem(ProblemCode.INTERNAL_ERROR, "The service's log says more.");
    }
}
