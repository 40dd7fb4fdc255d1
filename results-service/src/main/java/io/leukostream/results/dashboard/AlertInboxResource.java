package io.leukostream.results.dashboard;

import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.notification.Notifications;
import io.leukostream.results.rest.AlertJson;
import io.leukostream.results.rest.AlertsResource;
import io.leukostream.results.rest.ClosureRequest;
import io.leukostream.results.rest.Page;
import io.leukostream.results.rest.Problem;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.topology.StoresNotReady;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The alert inbox, and the form that closes an alert. */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class AlertInboxResource {
    private final ResultsQueries queries;
    private final AlertsResource alerts;
    private final Notifications notifications;
    private final AlertInbox inbox;

    AlertInboxResource(
            ResultsQueries queries, AlertsResource alerts, Notifications notifications, VerdictPolicy policy) {
        this.queries = queries;
        this.alerts = alerts;
        this.notifications = notifications;
        ZoneId zone = ZoneId.systemDefault();
        Clock clock = Clock.systemUTC();
        this.inbox = new AlertInbox(
                new Pages(policy.marrow().threshold(), policy.marrow().avoidBelow(), zone, clock), zone, clock);
    }

    /** The inbox. */
    @GET
    @Path("alerts")
    public TemplateInstance inbox(@QueryParam("page") @DefaultValue("0") int page) {
        Page<AlertJson> listed = queries.alerts(null, Math.max(0, page));
        List<AlertJson> inFull = listed.items().stream()
                .flatMap(alert -> queries.alert(alert.alertId()).stream())
                .toList();
        return inbox.inbox(inFull, listed.next(), notifications.health());
    }

    /** The form to close an alert. */
    @GET
    @Path("alerts/{alertId}/close")
    public TemplateInstance close(@PathParam("alertId") String alertId) {
        return inbox.close(alert(alertId), null, "", "");
    }

    /**
     * Closes an alert. A script gets 204 and the event that closes its dialog, a plain form the inbox; a refusal gives the
     * form again with what was entered.
     */
    @POST
    @Path("alerts/{alertId}/close")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response close(
            @PathParam("alertId") String alertId,
            @FormParam("closedBy") @DefaultValue("") String closedBy,
            @FormParam("note") @DefaultValue("") String note,
            @HeaderParam("HX-Request") @DefaultValue("false") boolean script) {
        AlertJson alert = alert(alertId);
        try {
            alerts.close(alertId, new ClosureRequest(closedBy, note)).close();
            return script
                    ? Response.noContent().header("HX-Trigger", "acknowledged").build()
                    : DashboardResource.to("/alerts", "");
        } catch (Problem problem) {
            return Forms.refused(problem, inbox.close(alert, String.valueOf(problem.getMessage()), closedBy, note));
        }
    }

    private AlertJson alert(String alertId) {
        return queries.alert(alertId)
                .orElseThrow(() -> new NotFoundException("There is no alert " + alertId + " here."));
    }

    /** The stores are starting or moving. */
    @ServerExceptionMapper
    public Response notReady(StoresNotReady failure) {
        return Notices.of(failure);
    }

    /** What is not there, and what an address says wrongly. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException failure) {
        return Notices.of(failure);
    }
}
