package io.leukostream.ingest.rest;

import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.Registrant;
import io.leukostream.ingest.domain.Registration;
import io.leukostream.ingest.domain.Specimen;
import io.leukostream.ingest.intake.Intake;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Where scanners that publish to Kafka themselves register a specimen first. */
@Path("/api/v1/specimens")
public class SpecimensResource {
    /** The specimen as the site names it. */
    @Schema(
            name = "SpecimenForm",
            requiredProperties = {"patient", "specimen", "specimenType", "kind"})
    record SpecimenForm(
            @Schema(description = "The site's identifier of the patient; never leaves the vault", maxLength = 64)
            @Nullable
            String patient,

            @Schema(description = "The site's identifier of the specimen; never leaves the vault", maxLength = 64)
            @Nullable
            String specimen,

            @Schema(enumeration = {"BONE_MARROW", "PERIPHERAL_BLOOD"}) @Nullable
            String specimenType,

            @Schema(enumeration = {"CELL", "FIELD"}) @Nullable
            String kind) {
        Map<String, List<String>> fields() {
            return new Fields()
                    .with("patient", patient)
                    .with("specimen", specimen)
                    .with("specimenType", specimenType)
                    .with("kind", kind)
                    .all();
        }
    }

    /** Its codes. */
    @Schema(name = "SpecimenCodes")
    record Codes(String patientId, String specimenId) {}

    private final Intake intake;
    private final Problems problems;

    SpecimensResource(Intake intake, Problems problems) {
        this.intake = intake;
        this.problems = problems;
    }

    /** Registers a specimen, or finds it. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, Problems.MEDIA_TYPE})
    @RunOnVirtualThread
    @Operation(
            operationId = "postSpecimen",
            summary = "Register a specimen",
            description = "Idempotent. Answers when the specimen's record lies in the log.")
    @APIResponse(
            responseCode = "200",
            description = "Registered, now or before",
            content = @Content(schema = @Schema(implementation = Codes.class)))
    @APIResponse(responseCode = "400", description = "MISSING_FIELD, INVALID_FIELD, MALFORMED_REQUEST")
    @APIResponse(
            responseCode = "409",
            description = "SPECIMEN_BELONGS_TO_OTHER_PATIENT, SPECIMEN_TYPE_MISMATCH, SPECIMEN_KIND_MISMATCH")
    @APIResponse(responseCode = "503", description = "BROKER_UNAVAILABLE and others, with Retry-After")
    public Response post(@Nullable SpecimenForm form) {
        Map<String, List<String>> fields = form == null ? Map.of() : form.fields();
        return problems.unlessRefused(Form.registrant(fields), this::register);
    }

    private Response register(Registrant registrant) {
        return switch (intake.register(registrant)) {
            case Registration.Conflict conflict -> problems.response(conflict.problem());
            case Registration.Registered(Specimen specimen, boolean published) ->
                Response.ok(
                                new Codes(
                                        specimen.patientId().value(),
                                        specimen.specimenId().value()),
                                MediaType.APPLICATION_JSON)
                        .build();
        };
    }
}
