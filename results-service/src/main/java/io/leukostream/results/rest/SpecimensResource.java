package io.leukostream.results.rest;

import io.leukostream.results.rest.ResultsQueries.CellFilter;
import io.leukostream.results.rest.ResultsQueries.CellOrder;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Specimens, their cells and their review. */
@Path("/api/v1/specimens/{specimenId}")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class SpecimensResource {
    /** How long the log's frame is waited for. */
    private static final Duration READ_WITHIN = Duration.ofSeconds(2);

    private final ResultsQueries queries;
    private final ReviewQueries reviewQueries;
    private final Reviews reviews;

    SpecimensResource(ResultsQueries queries, ReviewQueries reviewQueries, Reviews reviews) {
        this.queries = queries;
        this.reviewQueries = reviewQueries;
        this.reviews = reviews;
    }

    /** The specimen in full. */
    @GET
    public SpecimenJson specimen(@PathParam("specimenId") String specimenId) {
        return queries.specimen(specimenId).orElseThrow(() -> Problem.notFound("specimen", specimenId));
    }

    /** A page of its cells. */
    @GET
    @Path("cells")
    public Page<CellJson> cells(
            @PathParam("specimenId") String specimenId,
            @QueryParam("label") @Nullable String label,
            @QueryParam("type") @Nullable String type,
            @QueryParam("order") @Nullable String order,
            @QueryParam("page") @DefaultValue("0") String page,
            @QueryParam("size") @DefaultValue("100") String size) {
        CellFilter filter = Parameters.optional(CellFilter.class, "label", label);
        CellOrder by = Parameters.optional(CellOrder.class, "order", order);
        return queries.cells(
                        specimenId,
                        filter == null ? CellFilter.ALL : filter,
                        type == null || type.isEmpty() ? null : type,
                        by == null ? CellOrder.PROBABILITY : by,
                        Parameters.page(page),
                        Parameters.number("size", size, 1, Page.LARGEST))
                .orElseThrow(() -> Problem.notFound("specimen", specimenId));
    }

    /** Opens a frame of all cells that were found; the frame there is, where it covers them. */
    @POST
    @Path("frames")
    @Consumes(MediaType.APPLICATION_JSON)
    public FrameJson frame(@PathParam("specimenId") String specimenId, @Nullable FrameRequest request)
            throws InterruptedException {
        return reviews.open(specimenId, request == null ? null : request.reviewer(), READ_WITHIN);
    }

    /** The next cells drawn at random for a reviewer; 409 where no frame covers all cells. */
    @GET
    @Path("draws")
    public Page<DrawJson> draws(
            @PathParam("specimenId") String specimenId,
            @QueryParam("reviewer") @Nullable String reviewer,
            @QueryParam("count") @DefaultValue("20") String count) {
        int cells = Parameters.number("count", count, 1, Page.LARGEST);
        return new Page<>(
                reviews.draw(specimenId, reviewer, cells)
                        .orElseThrow(() -> Problem.conflict(
                                "FRAME_NOT_OPEN",
                                "No frame is open",
                                "Open a frame of all cells first: POST /api/v1/specimens/" + specimenId + "/frames.")),
                null);
    }

    /** How far its review is, who reads, and what was labelled. */
    @GET
    @Path("review")
    public ReviewJson review(@PathParam("specimenId") String specimenId) {
        return reviewQueries.review(specimenId).orElseThrow(() -> Problem.notFound("specimen", specimenId));
    }

    /** A reviewer's label. */
    @POST
    @Path("reviews")
    @Consumes(MediaType.APPLICATION_JSON)
    @APIResponse(
            responseCode = "202",
            description = "The label is in the log",
            content = @Content(schema = @Schema(implementation = ReviewAccepted.class)))
    public Response label(@PathParam("specimenId") String specimenId, @Nullable ReviewRequest request) {
        if (request == null) {
            throw Problem.missing("cellId");
        }
        return accepted(reviews.label(
                specimenId, request.cellId(), request.label(), request.reviewer(), Reviews.Origin.AS_DRAWN));
    }

    /** Takes a reviewer's own label of a cell back. */
    @DELETE
    @Path("reviews/{cellId}")
    @APIResponse(
            responseCode = "202",
            description = "The withdrawal is in the log",
            content = @Content(schema = @Schema(implementation = ReviewAccepted.class)))
    public Response withdraw(
            @PathParam("specimenId") String specimenId,
            @PathParam("cellId") String cellId,
            @QueryParam("reviewer") @Nullable String reviewer) {
        return accepted(reviews.withdraw(specimenId, cellId, reviewer));
    }

    private static Response accepted(ReviewAccepted review) {
        return Response.accepted(review).build();
    }
}
