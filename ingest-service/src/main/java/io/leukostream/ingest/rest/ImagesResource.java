package io.leukostream.ingest.rest;

import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.IntakeOutcome;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Submission;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Where scanners push images. */
@Path("/api/v1/images")
public class ImagesResource {
    private static final Logger LOG = Logger.getLogger(ImagesResource.class);
    private static final String FILE = "image";

    /** The answer to an accepted image. */
    @Schema(name = "AcceptedImage")
    record Accepted(
            String imageId,
            String patientId,
            String specimenId,

            @Schema(description = "Whether the same bytes had been accepted for this specimen before")
            boolean duplicate,

            @Schema(description = "When they were received first")
            Instant receivedAt) {}

    /** The form, for the description of the interface only. */
    @Schema(
            name = "ImageForm",
            requiredProperties = {"image", "patient", "specimen", "specimenType", "kind"})
    record ImageForm(
            @Schema(type = SchemaType.STRING, format = "binary", description = "BMP, PNG, JPEG, TIFF or WebP")
            String image,

            @Schema(description = "The site's identifier of the patient; never leaves the vault", maxLength = 64)
            String patient,

            @Schema(description = "The site's identifier of the specimen; never leaves the vault", maxLength = 64)
            String specimen,

            @Schema(enumeration = {"BONE_MARROW", "PERIPHERAL_BLOOD"})
            String specimenType,

            @Schema(
                    enumeration = {"CELL", "FIELD"},
                    description = "One cell that was cut out, or a field of view")
            String kind,

            @Schema(description = "Edge of a pixel in the specimen plane, µm; from 0.005 to 5") @Nullable
            Double pixelSizeMicrometres,

            @Schema(
                    enumeration = {"ROUTINE", "STAT"},
                    defaultValue = "ROUTINE")
            @Nullable
            String priority,

            @Schema(description = "The site's alias of the scanner, not a serial number", maxLength = 32) @Nullable
            String scanner,

            @Schema(description = "As the site names it", maxLength = 32) @Nullable
            String stain,

            @Schema(description = "RFC 3339; only the day leaves ingest", format = "date-time") @Nullable
            String capturedAt,

            @Schema(description = "The sender's own name of the image; never leaves the vault", maxLength = 128)
            @Nullable
            String externalId) {}

    private final Intake intake;
    private final Problems problems;
    private final IngestMetrics metrics;

    ImagesResource(Intake intake, Problems problems, IngestMetrics metrics) {
        this.intake = intake;
        this.problems = problems;
        this.metrics = metrics;
    }

    /** Accepts one image. */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Produces({MediaType.APPLICATION_JSON, Problems.MEDIA_TYPE})
    @RunOnVirtualThread
    @Operation(
            operationId = "postImage",
            summary = "Accept one image",
            description = "Answers when image and receipt lie in the log on all in-sync replicas. Embedded metadata is"
                    + " removed first, the pixels stay as they are coded; the id is that of the file that is left. The same bytes again"
                    + " for the same specimen are the same image; sent again as STAT they also take the faster lane."
                    + " Research use only.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.MULTIPART_FORM_DATA,
                            schema = @Schema(implementation = ImageForm.class)))
    @APIResponse(
            responseCode = "202",
            description = "Accepted",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    @APIResponse(
            responseCode = "200",
            description = "Had been accepted before",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    @APIResponse(responseCode = "400", description = "MISSING_FIELD, INVALID_FIELD, MALFORMED_REQUEST")
    @APIResponse(
            responseCode = "409",
            description = "SPECIMEN_BELONGS_TO_OTHER_PATIENT, SPECIMEN_TYPE_MISMATCH, SPECIMEN_KIND_MISMATCH")
    @APIResponse(responseCode = "413", description = "IMAGE_TOO_LARGE")
    @APIResponse(responseCode = "415", description = "UNSUPPORTED_MEDIA_TYPE")
    @APIResponse(
            responseCode = "422",
            description = "IMAGE_EMPTY, IMAGE_TRUNCATED, IMAGE_UNREADABLE, PIXEL_BUDGET_EXCEEDED,"
                    + " METADATA_NOT_REMOVABLE")
    @APIResponse(responseCode = "429", description = "TOO_MANY_BYTES_IN_FLIGHT, with Retry-After")
    @APIResponse(
            responseCode = "503",
            description =
                    "BROKER_UNAVAILABLE, REGISTRY_UNAVAILABLE, VAULT_UNAVAILABLE, DISK_LOW, IMAGES_WAIT_TOO_LONG, with Retry-After")
    public Response post(@Context HttpHeaders headers, InputStream stream) {
        byte[] body;
        try {
            body = bytes(stream, headers.getLength());
        } catch (IOException e) {
            LOG.debug("a body ended before its end", e);
            return malformed();
        }
        String boundary = headers.getMediaType().getParameters().get("boundary");
        return boundary == null
                ? malformed()
                : MultipartForm.parse(body, boundary).map(this::post).orElseGet(this::malformed);
    }

    private Response post(MultipartForm form) {
        return problems.unlessRefused(Form.submission(form.texts()), submission -> post(submission, form.parts(FILE)));
    }

    private Response post(Submission submission, List<MultipartForm.Part> parts) {
        if (parts.isEmpty()) {
            return problems.response(
                    new Problem(ProblemCode.MISSING_FIELD, "The file part " + FILE + " is missing.", FILE));
        }
        if (parts.size() > 1) {
            return problems.response(
                    new Problem(ProblemCode.INVALID_FIELD, "A request carries one image, not several.", FILE));
        }
        MultipartForm.Part part = parts.getFirst();
        if (!part.isFile()) {
            return problems.response(new Problem(
                    ProblemCode.INVALID_FIELD, "The part " + FILE + " must be a file, with a file name.", FILE));
        }
        ByteBuffer image = part.content();
        return switch (intake.accept(submission, image)) {
            case IntakeOutcome.Refused refused -> problems.response(refused.problem());
            case IntakeOutcome.Accepted accepted -> {
                metrics.accepted(accepted, submission.priority());
                yield Response.status(accepted.duplicate() ? Response.Status.OK : Response.Status.ACCEPTED)
                        .type(MediaType.APPLICATION_JSON)
                        .entity(new Accepted(
                                accepted.imageId().value(),
                                accepted.specimen().patientId().value(),
                                accepted.specimen().specimenId().value(),
                                accepted.duplicate(),
                                accepted.receivedAt()))
                        .build();
            }
        };
    }

    private Response malformed() {
        return problems.response(new Problem(
                ProblemCode.MALFORMED_REQUEST, "The body is no complete multipart/form-data with its boundary."));
    }

    /**
     * The body.
     *
     * @param length as the sender states it; negative where it does not
     */
    private static byte[] bytes(InputStream stream, int length) throws IOException {
        if (length < 0) {
            return stream.readAllBytes();
        }
        byte[] body = new byte[length];
        int read = stream.readNBytes(body, 0, length);
        return read == length ? body : Arrays.copyOf(body, read);
    }
}
