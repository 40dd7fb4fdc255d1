package io.leukostream.results.dashboard;

import io.leukostream.results.rest.AuditQueries;
import io.leukostream.results.topology.StoresNotReady;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.ZoneId;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A patient's audit as a page. */
@Path("/patients/{patientId}/audit")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class AuditPageResource {
    private final AuditQueries queries;

    AuditPageResource(AuditQueries queries) {
        this.queries = queries;
    }

    /** The links, newest first. */
    @GET
    public TemplateInstance audit(
            @PathParam("patientId") String patientId, @QueryParam("page") @DefaultValue("0") int page) {
        return queries.audit(patientId, Math.max(0, page))
                .map(audit -> AuditPage.of(audit, ZoneId.systemDefault()))
                .orElseThrow(() -> new NotFoundException("There is no patient " + patientId + " here."));
    }

    /** The stores are starting or moving. */
    @ServerExceptionMapper
    public Response notReady(StoresNotReady failure) {
        return Notices.of(failure);
    }

    /** What is not there. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException failure) {
        return Notices.of(failure);
    }
}
