package io.leukostream.ingest.rest;

import io.leukostream.ingest.domain.DicomRefusal;
import io.leukostream.ingest.vault.DicomLedger;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the DICOM door refused: a sender by DICOM was answered by Orthanc, and cannot be told by us. */
@Path("/api/v1/dicom/refusals")
public class DicomResource {
    private static final Logger LOG = Logger.getLogger(DicomResource.class);
    private static final int PAGE = 100;

    /** One refusal. */
    @Schema(name = "DicomRefusal")
    record Refusal(
            @Schema(description = "Orthanc's id of the instance")
            String instance,

            @Schema(description = "From 1; 0 for the whole instance")
            int frame,

            @Schema(description = "Stable; what a program decides by", examples = "SOP_CLASS_UNSUPPORTED")
            String code,

            String detail,

            @Schema(description = "The field of the form at fault, where it is one") @Nullable
            String field,

            Instant refusedAt) {
        static Refusal of(DicomRefusal refusal) {
            return new Refusal(
                    refusal.instance(),
                    refusal.frame(),
                    refusal.problem().code().name(),
                    refusal.problem().detail(),
                    refusal.problem().field(),
                    refusal.refusedAt());
        }
    }

    /** Some of the refusals. */
    @Schema(name = "DicomRefusals")
    record Refusals(
            List<Refusal> items,

            @Schema(description = "Where the next page begins; null where this is the last") @Nullable
            Long next) {}

    /** What is read again. */
    @Schema(name = "DicomRefusalsAgain")
    record Again(
            @Schema(description = "Refusals whose instances are read again")
            int refusals) {}

    private final DicomLedger ledger;

    DicomResource(DicomLedger ledger) {
        this.ledger = ledger;
    }

    /** Lists what is refused. */
    @GET
    @Produces({MediaType.APPLICATION_JSON, Problems.MEDIA_TYPE})
    @RunOnVirtualThread
    @Operation(
            operationId = "listDicomRefusals",
            summary = "What the DICOM door refused",
            description = "Oldest first, 100 to a page. A refusal goes when its instance was read again and accepted.")
    @APIResponse(
            responseCode = "200",
            description = "A page of them",
            content = @Content(schema = @Schema(implementation = Refusals.class)))
    @APIResponse(responseCode = "503", description = "VAULT_UNAVAILABLE, with Retry-After")
    public Response list(
            @Parameter(description = "The next of the page before") @QueryParam("page") @DefaultValue("0") long page) {
        List<DicomRefusal> refusals = ledger.refusals(page, PAGE + 1);
        boolean isLast = refusals.size() <= PAGE;
        List<DicomRefusal> shown = isLast ? refusals : refusals.subList(0, PAGE);
        return Response.ok(
                        new Refusals(
                                shown.stream().map(Refusal::of).toList(),
                                isLast ? null : shown.getLast().id()),
                        MediaType.APPLICATION_JSON)
                .build();
    }

    /** Has everything that is refused read again. */
    @POST
    @Path("/retry")
    @Produces({MediaType.APPLICATION_JSON, Problems.MEDIA_TYPE})
    @RunOnVirtualThread
    @Operation(
            operationId = "retryDicomRefusals",
            summary = "Read again what was refused",
            description = "For when a setting or the instance was mended. Answers at once; the instances are read with"
                    + " the next look at Orthanc.")
    @APIResponse(
            responseCode = "202",
            description = "They will be read again",
            content = @Content(schema = @Schema(implementation = Again.class)))
    @APIResponse(responseCode = "503", description = "VAULT_UNAVAILABLE, with Retry-After")
    public Response again() {
        int refusals = ledger.askAgain();
        LOG.infof("%d refusals of the DICOM door are read again", refusals);
        return Response.status(Response.Status.ACCEPTED)
                .type(MediaType.APPLICATION_JSON)
                .entity(new Again(refusals))
                .build();
    }
}
