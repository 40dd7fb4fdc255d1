package io.leukostream.results.rest;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** The audit and the key that it is verified with. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class AuditResource {
    private final AuditQueries queries;

    AuditResource(AuditQueries queries) {
        this.queries = queries;
    }

    /** The public half of the site's key. */
    @GET
    @Path("audit/key")
    public AuditKeyJson key() {
        return queries.key();
    }

    /** A patient's audit, newest first. */
    @GET
    @Path("patients/{patientId}/audit")
    public AuditJson audit(
            @PathParam("patientId") String patientId, @QueryParam("page") @DefaultValue("0") String page) {
        return queries.audit(patientId, Parameters.page(page))
                .orElseThrow(() -> Problem.notFound("patient", patientId));
    }
}
