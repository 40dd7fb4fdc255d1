package io.leukostream.results.dashboard;

import io.leukostream.results.topology.StoresNotReady;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneId;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A patient's verdict to print. */
@Path("/patients/{patientId}/report")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class ReportResource {
    private final DashboardResource dashboard;

    ReportResource(DashboardResource dashboard) {
        this.dashboard = dashboard;
    }

    /** The report. */
    @GET
    public TemplateInstance report(@PathParam("patientId") String patientId) {
        return new ReportPage(dashboard.patientPage(patientId), Moment.of(Instant.now(), ZoneId.systemDefault()));
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
