package io.leukostream.ingest.rest;

import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.vault.Disclosures;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Where someone who knows a patient's identifier learns the code. */
@Path("/api/v1/patients/resolve")
public class PatientsResource {
    private static final Logger LOG = Logger.getLogger(PatientsResource.class);

    /** The question; in the body, since an address would end up in logs. */
    @Schema(name = "PatientForm", requiredProperties = "patient")
    record PatientForm(
            @Schema(description = "The site's identifier of the patient", maxLength = 64) @Nullable
            String patient) {}

    /** The answer. */
    @Schema(name = "PatientCode")
    record Code(String patientId) {}

    private final Disclosures disclosures;
    private final Caller caller;
    private final Clock clock;
    private final Problems problems;

    PatientsResource(Disclosures disclosures, Caller caller, Clock clock, Problems problems) {
        this.disclosures = disclosures;
        this.caller = caller;
        this.clock = clock;
        this.problems = problems;
    }

    /** Looks a patient up; creates nothing. Every lookup is in the vault's log of accesses before it is answered. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, Problems.MEDIA_TYPE})
    @RunOnVirtualThread
    @Operation(
            operationId = "resolvePatient",
            summary = "The code of a patient",
            description = "Creates nothing. Each lookup is recorded.")
    @APIResponse(
            responseCode = "200",
            description = "The patient is known",
            content = @Content(schema = @Schema(implementation = Code.class)))
    @APIResponse(responseCode = "400", description = "MISSING_FIELD, INVALID_FIELD, MALFORMED_REQUEST")
    @APIResponse(responseCode = "404", description = "PATIENT_UNKNOWN")
    public Response resolve(@Nullable PatientForm form) {
        String patient = form == null ? null : form.patient();
        return problems.unlessRefused(
                Form.patient(new Fields().with("patient", patient).all()), this::resolve);
    }

    private Response resolve(String identifier) {
        Optional<PatientId> patientId = disclosures.resolve(identifier, caller.name(), clock.instant());
        LOG.infof("a patient was looked up: actor=%s found=%s", caller.name(), patientId.isPresent());
        return patientId
                .map(id -> Response.ok(new Code(id.value()), MediaType.APPLICATION_JSON)
                        .build())
                .orElseGet(() -> problems.response(
                        new Problem(ProblemCode.PATIENT_UNKNOWN, "No patient has this identifier.", "patient")));
    }
}
