package io.leukostream.results.rest;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;

/** Where every image is. */
@Path("/api/v1/accounting")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class AccountingResource {
    private final ResultsQueries queries;

    AccountingResource(ResultsQueries queries) {
        this.queries = queries;
    }

    /** Totals, and a line for each specimen, each scanner and each day. */
    @GET
    public AccountingJson accounting() {
        return queries.accounting(Instant.now());
    }
}
