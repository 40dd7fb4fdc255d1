package io.leukostream.results.dashboard;

import io.leukostream.results.topology.StoresNotReady;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

/** What a page says where there is nothing to show. */
final class Notices {
    private Notices() {}

    /** The stores are starting or moving. */
    static Response of(StoresNotReady failure) {
        return notice(503, "Still reading in", "The results are being read in from the log; reload in a few seconds.");
    }

    /** What is not there, and what an address says wrongly. */
    static Response of(WebApplicationException failure) {
        int status = failure.getResponse().getStatus();
        return status < 400
                ? failure.getResponse()
                : notice(
                        status,
                        status == 404 ? "Not found" : "That did not work",
                        String.valueOf(failure.getMessage()));
    }

    private static Response notice(int status, String heading, String explanation) {
        return Forms.html(status, new NoticePage(heading, explanation));
    }
}
