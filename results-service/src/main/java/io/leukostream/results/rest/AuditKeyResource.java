package io.leukostream.results.rest;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The key that the audit is verified with. */
@Path("/api/v1/audit/key")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class AuditKeyResource {
    private final AuditQueries queries;

    AuditKeyResource(AuditQueries queries) {
        this.queries = queries;
    }

    /** The public half of the site's key. */
    @GET
    public AuditKeyJson key() {
        return queries.key();
    }
}
