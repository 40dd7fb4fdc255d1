package io.leukostream.results.rest;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** How the pipeline does. */
@Path("/api/v1/system")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class SystemResource {
    private final SystemQueries queries;

    SystemResource(SystemQueries queries) {
        this.queries = queries;
    }

    /** Lag, throughput, delays, and the bundles at work. */
    @GET
    public SystemJson system() throws InterruptedException {
        return queries.system();
    }
}
