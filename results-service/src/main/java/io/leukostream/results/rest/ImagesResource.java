package io.leukostream.results.rest;

import io.leukostream.events.CellCrop;
import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageEvidence;
import io.leukostream.results.evidence.EvidenceFound;
import io.leukostream.results.evidence.EvidenceReader;
import io.leukostream.results.topology.ImageEntry;
import io.leukostream.schemas.Identity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Images, and the pictures of their cells. */
@Path("/api/v1")
@Blocking
public class ImagesResource {
    private static final String JPEG = "image/jpeg";

    private final ResultsQueries queries;
    private final EvidenceReader evidence;

    ImagesResource(ResultsQueries queries, EvidenceReader evidence) {
        this.queries = queries;
        this.evidence = evidence;
    }

    /** What became of an image. */
    @GET
    @Path("images/{imageId}")
    @Produces(MediaType.APPLICATION_JSON)
    public ImageJson image(@PathParam("imageId") String imageId) {
        return queries.image(imageId).orElseThrow(() -> Problem.notFound("image", imageId));
    }

    /** The picture of the whole field; for an image of one cell, the cell's crop. */
    @GET
    @Path("images/{imageId}/display")
    @Produces(JPEG)
    public Response display(@PathParam("imageId") String imageId) {
        ImageEvidence found = evidence(imageId, "image", imageId);
        ByteBuffer display = found.getDisplay();
        if (display == null && !found.getCrops().isEmpty()) {
            display = found.getCrops().getFirst().getJpeg();
        }
        return picture(display, "image", imageId);
    }

    /** The picture of a cell. */
    @GET
    @Path("cells/{cellId}/crop")
    @Produces(JPEG)
    public Response crop(@PathParam("cellId") String cellId) {
        if (!Identity.isCellId(cellId)) {
            throw Problem.notFound("cell", cellId);
        }
        ByteBuffer jpeg = evidence(Identity.imageIdOf(cellId), "cell", cellId).getCrops().stream()
                .filter(crop -> crop.getCellId().equals(cellId))
                .map(CellCrop::getJpeg)
                .findFirst()
                .orElse(null);
        return picture(jpeg, "cell", cellId);
    }

    private ImageEvidence evidence(String imageId, String what, String id) {
        ImageEntry entry = queries.imageEntry(imageId);
        ImageClassified classified = entry == null ? null : entry.classified();
        if (classified == null) {
            throw Problem.notFound(what, id);
        }
        return switch (evidence.read(classified.getEvidence())) {
            case EvidenceFound.Read(ImageEvidence found) -> found;
            case EvidenceFound.Gone() ->
                throw Problem.gone(
                        "EVIDENCE_PAST_RETENTION",
                        "Picture past its retention",
                        "The log no longer holds the pictures of this image.");
            case EvidenceFound.Unavailable(String reason) ->
                throw Problem.unavailable(
                        "EVIDENCE_UNAVAILABLE",
                        "Picture not available now",
                        "The picture cannot be read: " + reason + ".");
        };
    }

    private static Response picture(@Nullable ByteBuffer jpeg, String what, String id) {
        if (jpeg == null) {
            throw Problem.notFound(what, id);
        }
        ByteBuffer view = jpeg.duplicate();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return Response.ok(bytes, JPEG).build();
    }
}
