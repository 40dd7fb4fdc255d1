package io.leukostream.results.rest;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.time.Duration;

/** An error that answers as {@code application/problem+json} with a stable code. */
public final class Problem extends WebApplicationException {
    /** The media type of RFC 9457. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private Problem(int status, String code, String title, String detail) {
        super(detail, response(status, code, title, detail));
    }

    static Response response(int status, String code, String title, String detail) {
        Response.ResponseBuilder response =
                Response.status(status).type(MEDIA_TYPE).entity(ProblemJson.of(status, code, title, detail));
        return status == 503
                ? response.header("Retry-After", RETRY_AFTER.toSeconds()).build()
                : response.build();
    }

    /** Nothing has this id. */
    public static Problem notFound(String what, String id) {
        return new Problem(404, "NOT_FOUND", "Unknown " + what, "There is no " + what + " " + id + " here.");
    }

    static Problem badParameter(String name, String value, String allowed) {
        return new Problem(
                400, "BAD_PARAMETER", "Bad parameter", name + "=" + value + " is not possible: " + allowed + ".");
    }

    static Problem missing(String field) {
        return new Problem(400, "MISSING_FIELD", "Missing field", "The field " + field + " is missing or empty.");
    }

    static Problem unprocessable(String code, String title, String detail) {
        return new Problem(422, code, title, detail);
    }

    static Problem conflict(String code, String title, String detail) {
        return new Problem(409, code, title, detail);
    }

    static Problem gone(String code, String title, String detail) {
        return new Problem(410, code, title, detail);
    }

    static Problem unavailable(String code, String title, String detail) {
        return new Problem(503, code, title, detail);
    }
}
