package io.leukostream.results.rest;

import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** A patient's audit. */
@Path("/api/v1/patients/{patientId}/audit")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class AuditResource {
    private final AuditQueries queries;

    AuditResource(AuditQueries queries) {
        this.queries = queries;
    }

    /** The links, newest first, and the head. */
    @GET
    public AuditJson audit(
            @PathParam("patientId") String patientId, @QueryParam("page") @DefaultValue("0") String page) {
        return queries.audit(patientId, Parameters.page(page))
                .orElseThrow(() -> Problem.notFound("patient", patientId));
    }
}
