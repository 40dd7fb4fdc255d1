package io.leukostream.results.rest;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** How the scanners do day by day. */
@Path("/api/v1/drift")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class DriftResource {
    /** What is shown unless asked otherwise. */
    private static final String USUAL_DAYS = "14";

    private static final int MOST_DAYS = 366;

    private final ResultsQueries queries;

    DriftResource(ResultsQueries queries) {
        this.queries = queries;
    }

    /** The last days of each scanner. */
    @GET
    public DriftJson drift(@QueryParam("days") @DefaultValue(USUAL_DAYS) String days) {
        return queries.drift(LocalDate.now(ZoneOffset.UTC), Parameters.number("days", days, 1, MOST_DAYS));
    }
}
