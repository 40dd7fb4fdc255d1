package io.leukostream.ingest.rest;

import io.leukostream.ingest.domain.Access;
import io.leukostream.ingest.domain.Disclosure;
import io.leukostream.ingest.domain.Erasure;
import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Question;
import io.leukostream.ingest.domain.Request;
import io.leukostream.ingest.intake.PatientChanges;
import io.leukostream.ingest.vault.AccessLog;
import io.leukostream.ingest.vault.Disclosures;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What needs the permission to re-identify: who stands behind a code, erasing that, and the log of who asked. Questions
 * come in the body, since an address would end up in logs; no answer may be kept on the way.
 */
@Path("/api/v1/patients")
@Produces({MediaType.APPLICATION_JSON, Problems.MEDIA_TYPE})
public class DisclosureResource {
    private static final Logger LOG = Logger.getLogger(DisclosureResource.class);
    private static final int MOST_LINES = 500;
    private static final int MOST_STATED = 64;

    /** Whose identifiers are wanted. */
    @Schema(
            name = "IdentifyForm",
            requiredProperties = {"by", "reason"})
    record IdentifyForm(
            @Schema(description = "A patient's code; this or specimenId", examples = "P-7K2M9QXA") @Nullable
            String patientId,

            @Schema(description = "A specimen's code; this or patientId", examples = "S-4F7Q2LTB") @Nullable
            String specimenId,

            @Schema(description = "Who asks", maxLength = 64) @Nullable
            String by,

            @Schema(description = "Why; may hold no identifier", maxLength = 256) @Nullable
            String reason) {}

    /** Who it is. */
    @Schema(name = "Identified")
    record Identified(
            @Schema(description = "The code that the patient has now, after merges")
            String patientId,

            @Schema(description = "Every identifier of the patient, with the code that it was given first")
            List<IdentifiedPatient> patients,

            @Schema(description = "All specimens of the patient, or the one that was asked for")
            List<IdentifiedSpecimen> specimens) {}

    /** One identifier of a patient. */
    @Schema(name = "IdentifiedPatient")
    record IdentifiedPatient(String patientId, String patient) {}

    /** One specimen. */
    @Schema(name = "IdentifiedSpecimen")
    record IdentifiedSpecimen(String specimenId, String specimen, List<String> externalIds) {}

    /** Who is to be erased. */
    @Schema(
            name = "EraseForm",
            requiredProperties = {"patient", "by", "reason"})
    record EraseForm(
            @Schema(description = "Identifier or code of the patient", maxLength = 64) @Nullable
            String patient,

            @Schema(description = "Who erases", maxLength = 64) @Nullable
            String by,

            @Schema(description = "Why; may hold no identifier", maxLength = 256) @Nullable
            String reason) {}

    /** What was erased. */
    @Schema(name = "Erased")
    record Erased(
            @Schema(description = "All codes of the patient; none leads to an identifier any more")
            List<String> codes,

            @Schema(description = "How many specimens were forgotten with them")
            int specimens,

            Instant erasedAt,

            @Schema(description = "Whether the database's files were rewritten; where not, the next start does it")
            boolean filesCleaned) {}

    /** Lines of the log. */
    @Schema(name = "AccessLines")
    record Lines(
            List<Line> items,

            @Schema(description = "The value of after for the next part; null at the end") @Nullable
            Long next) {}

    /** One line of the log. */
    @Schema(name = "AccessLine")
    record Line(
            long number,
            Instant at,

            @Schema(description = "Whom the service took the caller for")
            String actor,

            @Schema(description = "Who the caller said to be") @Nullable
            String by,

            @Schema(enumeration = {"RESOLVE", "IDENTIFY", "MERGE", "UNMERGE", "ERASE", "LIST"})
            String operation,

            @Schema(description = "ANSWERED, DONE, REPEATED, or the code of the problem")
            String outcome,

            @Schema(description = "The patient's code") @Nullable
            String code,

            @Schema(description = "The second patient's code, or the specimen's") @Nullable
            String otherCode,

            @Nullable String reason) {}

    private final Permission permission;
    private final Disclosures disclosures;
    private final PatientChanges changes;
    private final AccessLog log;
    private final Caller caller;
    private final Clock clock;
    private final Problems problems;

    DisclosureResource(
            Permission permission,
            Disclosures disclosures,
            PatientChanges changes,
            AccessLog log,
            Caller caller,
            Clock clock,
            Problems problems) {
        this.permission = permission;
        this.disclosures = disclosures;
        this.changes = changes;
        this.log = log;
        this.caller = caller;
        this.clock = clock;
        this.problems = problems;
    }

    /** Says who stands behind a code. */
    @POST
    @Path("identify")
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(
            operationId = "identifyPatient",
            summary = "The identifiers behind a code",
            description =
                    "Needs the permission to re-identify. Each use is logged before it is answered, refused ones too.")
    @APIResponse(
            responseCode = "200",
            description = "Who it is",
            content = @Content(schema = @Schema(implementation = Identified.class)))
    @APIResponse(responseCode = "400", description = "MISSING_FIELD, INVALID_FIELD, MALFORMED_REQUEST")
    @APIResponse(responseCode = "403", description = "NOT_PERMITTED")
    @APIResponse(responseCode = "404", description = "CODE_UNKNOWN")
    @APIResponse(responseCode = "410", description = "PATIENT_ERASED")
    @APIResponse(responseCode = "503", description = "VAULT_UNAVAILABLE")
    public Response identify(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Nullable IdentifyForm form) {
        Problem refusal =
                permission.problem(Access.Operation.IDENTIFY, authorization, form == null ? null : stated(form.by()));
        if (refusal != null) {
            return problems.response(refusal);
        }
        Fields fields = new Fields();
        if (form != null) {
            fields.with("patientId", form.patientId())
                    .with("specimenId", form.specimenId())
                    .with("by", form.by())
                    .with("reason", form.reason());
        }
        return problems.unlessRefused(Form.question(fields.all()), this::identify);
    }

    private Response identify(Question question) {
        Disclosure disclosure = disclosures.identify(question, caller.name(), clock.instant());
        LOG.infof(
                "a patient was re-identified: actor=%s answered=%s",
                caller.name(), disclosure instanceof Disclosure.Answered);
        return switch (disclosure) {
            case Disclosure.Refused refused -> problems.response(refused.problem());
            case Disclosure.Answered answered ->
                unkept(new Identified(
                        answered.patientId().value(),
                        answered.patients().stream()
                                .map(each ->
                                        new IdentifiedPatient(each.patientId().value(), each.patient()))
                                .toList(),
                        answered.specimens().stream()
                                .map(each -> new IdentifiedSpecimen(
                                        each.specimenId().value(), each.specimen(), each.externalIds()))
                                .toList()));
        };
    }

    /** Forgets who stands behind all codes of a patient. */
    @POST
    @Path("erase")
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(
            operationId = "erasePatient",
            summary = "Make a patient's codes unlinkable",
            description = "Needs the permission to re-identify. Cannot be taken back.")
    @APIResponse(
            responseCode = "200",
            description = "Erased",
            content = @Content(schema = @Schema(implementation = Erased.class)))
    @APIResponse(responseCode = "400", description = "MISSING_FIELD, INVALID_FIELD, MALFORMED_REQUEST")
    @APIResponse(responseCode = "403", description = "NOT_PERMITTED")
    @APIResponse(responseCode = "404", description = "PATIENT_UNKNOWN")
    @APIResponse(responseCode = "410", description = "PATIENT_ERASED")
    @APIResponse(responseCode = "503", description = "VAULT_UNAVAILABLE, BROKER_UNAVAILABLE and others")
    public Response erase(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Nullable EraseForm form) {
        Problem refusal =
                permission.problem(Access.Operation.ERASE, authorization, form == null ? null : stated(form.by()));
        if (refusal != null) {
            return problems.response(refusal);
        }
        Fields fields = new Fields();
        if (form != null) {
            fields.with("patient", form.patient()).with("by", form.by()).with("reason", form.reason());
        }
        return problems.unlessRefused(Form.request("patient", fields.all()), this::erase);
    }

    private Response erase(Request request) {
        return switch (changes.erase(request, caller.name())) {
            case Erasure.Refused refused -> problems.response(refused.problem());
            case Erasure.Done done -> {
                LOG.infof(
                        "a patient was erased: actor=%s codes=%d specimens=%d filesCleaned=%s",
                        caller.name(), done.codes().size(), done.specimens(), done.filesCleaned());
                yield unkept(new Erased(
                        done.codes().stream().map(PatientId::value).toList(),
                        done.specimens(),
                        done.erasedAt(),
                        done.filesCleaned()));
            }
        };
    }

    /** The log of accesses, oldest first. */
    @GET
    @Path("access-log")
    @RunOnVirtualThread
    @Operation(
            operationId = "listAccesses",
            summary = "Who asked the vault for what",
            description = "Needs the permission to re-identify; looking is a line of the log, too.")
    @APIResponse(
            responseCode = "200",
            description = "A part of the log, oldest first",
            content = @Content(schema = @Schema(implementation = Lines.class)))
    @APIResponse(responseCode = "400", description = "INVALID_FIELD")
    @APIResponse(responseCode = "403", description = "NOT_PERMITTED")
    @APIResponse(responseCode = "503", description = "VAULT_UNAVAILABLE")
    public Response accesses(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @Parameter(description = "Number of the line before the first one") @QueryParam("after") @DefaultValue("0")
                    String after) {
        Problem refusal = permission.problem(Access.Operation.LIST, authorization, null);
        if (refusal != null) {
            return problems.response(refusal);
        }
        long number;
        try {
            number = Long.parseLong(after);
        } catch (NumberFormatException e) {
            return problems.response(new Problem(ProblemCode.INVALID_FIELD, "after must be a whole number.", "after"));
        }
        List<Access> lines = log.list(number, MOST_LINES, caller.name(), clock.instant());
        return unkept(new Lines(
                lines.stream().map(DisclosureResource::line).toList(),
                lines.size() < MOST_LINES ? null : lines.getLast().number()));
    }

    private static Line line(Access access) {
        return new Line(
                access.number(),
                access.at(),
                access.actor(),
                access.by(),
                access.operation().name(),
                access.outcome(),
                access.code(),
                access.otherCode(),
                access.reason());
    }

    private static Response unkept(Object entity) {
        return Response.ok(entity, MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** What somebody without permission said of himself, where it is short enough to be a name. */
    private static @Nullable String stated(@Nullable String by) {
        return by == null || by.isBlank() || by.length() > MOST_STATED ? null : by.strip();
    }
}
