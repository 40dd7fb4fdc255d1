package io.leukostream.results.rest;

import io.leukostream.results.topology.StoresNotReady;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure of a request into a problem. */
public class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    /** The stores are starting or moving. */
    @ServerExceptionMapper
    public Response notReady(StoresNotReady failure) {
        return Problem.response(
                503, "RESULTS_NOT_READY", "Results are not ready", "The results are being read in; ask again soon.");
    }

    /** What the web layer itself refuses: unknown paths, wrong methods, bodies that are no JSON. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException failure) {
        Response response = failure.getResponse();
        if (failure instanceof Problem || response.hasEntity() || response.getStatus() < 400) {
            return response;
        }
        String title = response.getStatusInfo().getReasonPhrase();
        return Problem.response(
                response.getStatus(),
                switch (response.getStatus()) {
                    case 400 -> "BAD_REQUEST";
                    case 404 -> "NOT_FOUND";
                    case 405 -> "METHOD_NOT_ALLOWED";
                    case 406 -> "NOT_ACCEPTABLE";
                    case 415 -> "UNSUPPORTED_MEDIA_TYPE";
                    default -> "HTTP_" + response.getStatus();
                },
                title,
                "The request cannot be answered: " + title + ".");
    }

    /** What nobody foresaw: logged here, told without its inside. */
    @ServerExceptionMapper
    public Response failed(RuntimeException failure) {
        LOG.error("A request failed", failure);
        return Problem.response(
                500, "INTERNAL_ERROR", "Internal error", "The request failed; the service's log says why.");
    }
}
