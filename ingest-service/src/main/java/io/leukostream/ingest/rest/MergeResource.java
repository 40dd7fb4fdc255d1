package io.leukostream.ingest.rest;

import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.MergeOutcome;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.SpecimenId;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.intake.PatientChanges;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Where the laboratory says that two identifiers are one patient, and takes that back. */
@Path("/api/v1/patients")
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, Problems.MEDIA_TYPE})
public class MergeResource {
    private static final Logger LOG = Logger.getLogger(MergeResource.class);

    /** Who is merged into whom. */
    @Schema(
            name = "MergeForm",
            requiredProperties = {"from", "into", "by", "reason"})
    record MergeForm(
            @Schema(description = "Identifier or code of the patient whose specimens move", maxLength = 64) @Nullable
            String from,

            @Schema(description = "Identifier or code of the patient who gets them", maxLength = 64) @Nullable
            String into,

            @Schema(description = "Who says so; published with the specimens and in the audit", maxLength = 64)
            @Nullable
            String by,

            @Schema(description = "Why; stays in the vault and may hold no identifier", maxLength = 256) @Nullable
            String reason) {}

    /** Whose merge is taken back. */
    @Schema(
            name = "UnmergeForm",
            requiredProperties = {"from", "by", "reason"})
    record UnmergeForm(
            @Schema(description = "Identifier or code of the patient who was merged into another one", maxLength = 64)
            @Nullable
            String from,

            @Schema(description = "Who says so; published with the specimens and in the audit", maxLength = 64)
            @Nullable
            String by,

            @Schema(description = "Why; stays in the vault and may hold no identifier", maxLength = 256) @Nullable
            String reason) {}

    /** What is so now. */
    @Schema(name = "Merged")
    record Merged(
            @Schema(description = "The code that was merged, or whose merge was taken back")
            String from,

            @Schema(description = "The code that its specimens have now")
            String patientId,

            @Schema(description = "The specimens that moved")
            List<String> specimens,

            @Schema(description = "Whether it was so before")
            boolean repeated) {}

    private final PatientChanges changes;
    private final Caller caller;
    private final Problems problems;

    MergeResource(PatientChanges changes, Caller caller, Problems problems) {
        this.changes = changes;
        this.caller = caller;
        this.problems = problems;
    }

    /** Moves the specimens of one code to another; both verdicts follow. */
    @POST
    @Path("merge")
    @RunOnVirtualThread
    @Operation(
            operationId = "mergePatients",
            summary = "Merge two identifiers of one patient",
            description = "Idempotent. Answers when the log holds every specimen that moved.")
    @APIResponse(
            responseCode = "200",
            description = "Merged, now or before",
            content = @Content(schema = @Schema(implementation = Merged.class)))
    @APIResponse(responseCode = "400", description = "MISSING_FIELD, INVALID_FIELD, MALFORMED_REQUEST")
    @APIResponse(responseCode = "404", description = "PATIENT_UNKNOWN")
    @APIResponse(responseCode = "409", description = "MERGE_WITH_ITSELF, MERGE_CIRCLE, ALREADY_MERGED")
    @APIResponse(responseCode = "410", description = "PATIENT_ERASED")
    @APIResponse(responseCode = "503", description = "VAULT_UNAVAILABLE, BROKER_UNAVAILABLE and others")
    public Response merge(@Nullable MergeForm form) {
        Fields fields = new Fields();
        if (form != null) {
            fields.with("from", form.from())
                    .with("into", form.into())
                    .with("by", form.by())
                    .with("reason", form.reason());
        }
        return problems.unlessRefused(
                Form.merge(fields.all()),
                merge -> answer("patients were merged", () -> changes.merge(merge, caller.name())));
    }

    /** Moves the specimens that a merge moved, and those that came since by the same identifiers, back. */
    @POST
    @Path("unmerge")
    @RunOnVirtualThread
    @Operation(
            operationId = "unmergePatients",
            summary = "Take a merge back",
            description = "Idempotent. Answers when the log holds every specimen that moved.")
    @APIResponse(
            responseCode = "200",
            description = "Taken back, now or before",
            content = @Content(schema = @Schema(implementation = Merged.class)))
    @APIResponse(responseCode = "400", description = "MISSING_FIELD, INVALID_FIELD, MALFORMED_REQUEST")
    @APIResponse(responseCode = "404", description = "PATIENT_UNKNOWN")
    @APIResponse(responseCode = "409", description = "NOT_MERGED")
    @APIResponse(responseCode = "410", description = "PATIENT_ERASED")
    @APIResponse(responseCode = "503", description = "VAULT_UNAVAILABLE, BROKER_UNAVAILABLE and others")
    public Response unmerge(@Nullable UnmergeForm form) {
        Fields fields = new Fields();
        if (form != null) {
            fields.with("from", form.from()).with("by", form.by()).with("reason", form.reason());
        }
        return problems.unlessRefused(
                Form.request("from", fields.all()),
                request -> answer("a merge was taken back", () -> changes.unmerge(request, caller.name())));
    }

    private Response answer(String what, Supplier<MergeOutcome> change) {
        MergeOutcome outcome;
        try {
            outcome = change.get();
        } catch (UnavailableException e) {
            LOG.warnf("%s: %s", e.code(), e.getMessage());
            return problems.response(new Problem(e.code(), "It may be half done; send the same again to finish it."));
        }
        return switch (outcome) {
            case MergeOutcome.Refused refused -> problems.response(refused.problem());
            case MergeOutcome.Done done -> {
                LOG.infof(
                        "%s: actor=%s specimens=%d repeated=%s",
                        what, caller.name(), done.specimens().size(), done.repeated());
                yield Response.ok(
                                new Merged(
                                        done.from().value(),
                                        done.patientId().value(),
                                        done.specimens().stream()
                                                .map(SpecimenId::value)
                                                .toList(),
                                        done.repeated()),
                                MediaType.APPLICATION_JSON)
                        .build();
            }
        };
    }
}
