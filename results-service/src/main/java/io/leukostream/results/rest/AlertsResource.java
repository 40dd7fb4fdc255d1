package io.leukostream.results.rest;

import io.leukostream.events.AlertAcknowledgement;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.rest.AcknowledgementRequest.ReadBack;
import io.leukostream.results.topology.ResultsStores;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Alerts and their acknowledgement. */
@Path("/api/v1/alerts")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class AlertsResource {
    private final ResultsQueries queries;
    private final ResultsStores stores;
    private final Commands commands;

    AlertsResource(ResultsQueries queries, ResultsStores stores, Commands commands) {
        this.queries = queries;
        this.stores = stores;
        this.commands = commands;
    }

    /** Alerts as they stand. */
    @GET
    public Page<AlertJson> alerts(
            @QueryParam("state") @Nullable String state, @QueryParam("page") @DefaultValue("0") String page) {
        return queries.alerts(Parameters.optional(Alert.State.class, "state", state), Parameters.page(page));
    }

    /** One alert. */
    @GET
    @Path("{alertId}")
    public AlertJson alert(@PathParam("alertId") String alertId) {
        return queries.alert(alertId).orElseThrow(() -> Problem.notFound("alert", alertId));
    }

    /** A person's acknowledgement with read-back. */
    @POST
    @Path("{alertId}/acknowledgements")
    @Consumes(MediaType.APPLICATION_JSON)
    @APIResponse(
            responseCode = "202",
            description = "The read-back is in the log",
            content = @Content(schema = @Schema(implementation = AlertJson.class)))
    public Response acknowledge(@PathParam("alertId") String alertId, @Nullable AcknowledgementRequest request) {
        Alert alert = stores.alert(alertId);
        if (alert == null) {
            throw Problem.notFound("alert", alertId);
        }
        String by = Parameters.required("acknowledgedBy", request == null ? null : request.acknowledgedBy());
        ReadBack read = request == null ? null : request.readBack();
        String patientId = Parameters.required("readBack.patientId", read == null ? null : read.patientId());
        String state = Parameters.required("readBack.state", read == null ? null : read.state());
        return switch (AlertLoop.judge(alert, patientId, state)) {
            case WRONG ->
                throw Problem.unprocessable(
                        "WRONG_READ_BACK",
                        "Wrong read-back",
                        "What was read back is not what the alert says; read its patient and state again.");
            case ALERT_CHANGED ->
                throw Problem.conflict(
                        "ALERT_CHANGED",
                        "The alert has changed",
                        "The alert is " + alert.state() + " by now and awaits no acknowledgement.");
            case ACCEPTED -> {
                commands.acknowledge(AlertAcknowledgement.newBuilder()
                        .setAlertId(alertId)
                        .setPatientId(alert.patientId())
                        .setAcknowledgedBy(by)
                        .setReadBackPatientId(patientId)
                        .setReadBackState(state)
                        .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                        .build());
                yield Response.accepted(Views.alert(alert)).build();
            }
        };
    }
}
