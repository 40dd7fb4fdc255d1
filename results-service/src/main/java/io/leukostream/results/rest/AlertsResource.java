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

/** Alerts, their acknowledgement and their closing. */
@Path("/api/v1/alerts")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class AlertsResource {
    /** The most characters of a note. */
    public static final int LONGEST_NOTE = 500;

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

    /** One alert, with its history and deliveries. */
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
        String by = Parameters.person("acknowledgedBy", request == null ? null : request.acknowledgedBy());
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
                commands.act(AlertAcknowledgement.newBuilder()
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

    /** A person closes an alert that was acknowledged. */
    @POST
    @Path("{alertId}/closures")
    @Consumes(MediaType.APPLICATION_JSON)
    @APIResponse(
            responseCode = "202",
            description = "The closing is in the log",
            content = @Content(schema = @Schema(implementation = AlertJson.class)))
    public Response close(@PathParam("alertId") String alertId, @Nullable ClosureRequest request) {
        Alert alert = stores.alert(alertId);
        if (alert == null) {
            throw Problem.notFound("alert", alertId);
        }
        String by = Parameters.person("closedBy", request == null ? null : request.closedBy());
        String note = Parameters.required("note", request == null ? null : request.note());
        if (note.length() > LONGEST_NOTE) {
            throw Problem.unprocessable(
                    "NOTE_TOO_LONG", "The note is too long", "A note has at most " + LONGEST_NOTE + " characters.");
        }
        if (alert.awaitsAcknowledgement()) {
            throw Problem.conflict(
                    "ALERT_NOT_ACKNOWLEDGED",
                    "The alert is not acknowledged",
                    "Acknowledge it with read-back first; only then it can be closed.");
        }
        if (!alert.awaitsClosure()) {
            throw Problem.conflict(
                    "ALERT_CHANGED", "The alert has changed", "The alert is " + alert.state() + " by now.");
        }
        commands.act(AlertAcknowledgement.newBuilder()
                .setAlertId(alertId)
                .setPatientId(alert.patientId())
                .setAcknowledgedBy(by)
                .setReadBackPatientId(alert.patientId())
                .setReadBackState(alert.verdictState().name())
                .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .setAction("CLOSE")
                .setNote(note)
                .build());
        return Response.accepted(Views.alert(alert)).build();
    }
}
