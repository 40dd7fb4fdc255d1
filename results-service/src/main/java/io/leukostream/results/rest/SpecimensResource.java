package io.leukostream.results.rest;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.CellKey;
import io.leukostream.results.domain.ReviewLabel;
import io.leukostream.results.rest.ResultsQueries.CellFilter;
import io.leukostream.results.rest.ResultsQueries.CellOrder;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.ReviewReading;
import io.leukostream.schemas.Identity;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Specimens, their cells and their review. */
@Path("/api/v1/specimens/{specimenId}")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class SpecimensResource {
    private static final int LONGEST_NAME = 100;

    private final ResultsQueries queries;
    private final ResultsStores stores;
    private final Draws draws;
    private final Commands commands;

    SpecimensResource(ResultsQueries queries, ResultsStores stores, Draws draws, Commands commands) {
        this.queries = queries;
        this.stores = stores;
        this.draws = draws;
        this.commands = commands;
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

    /** The next cells drawn at random for a reviewer; opens a frame where none covers all cells. */
    @GET
    @Path("draws")
    public Page<DrawJson> draws(
            @PathParam("specimenId") String specimenId,
            @QueryParam("reviewer") @Nullable String reviewer,
            @QueryParam("count") @DefaultValue("20") String count) {
        String reader = name("reviewer", reviewer);
        int cells = Parameters.number("count", count, 1, Page.LARGEST);
        known(specimenId);
        return new Page<>(draws.next(specimenId, reader, cells), null);
    }

    /** A reviewer's label. */
    @POST
    @Path("reviews")
    @Consumes(MediaType.APPLICATION_JSON)
    @APIResponse(
            responseCode = "202",
            description = "The label is in the log",
            content = @Content(schema = @Schema(implementation = ReviewAccepted.class)))
    public Response review(@PathParam("specimenId") String specimenId, @Nullable ReviewRequest request) {
        if (request == null) {
            throw Problem.missing("cellId");
        }
        String cellId = Parameters.required("cellId", request.cellId());
        String label = Parameters.required("label", request.label());
        String reviewer = name("reviewer", request.reviewer());
        if (Arrays.stream(ReviewLabel.values()).noneMatch(known -> known.name().equals(label))) {
            throw Problem.unprocessable(
                    "UNKNOWN_LABEL", "Unknown label", "A label is BLAST, NOT_BLAST or NOT_A_CELL, not " + label + ".");
        }
        return accepted(specimenId, cellId, label, reviewer);
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
        return accepted(specimenId, cellId, null, name("reviewer", reviewer));
    }

    private Response accepted(String specimenId, String cellId, @Nullable String label, String reviewer) {
        known(specimenId);
        ReviewReading reading = stores.review(specimenId);
        CellKey cell =
                Identity.isCellId(cellId) && Identity.specimenIdOf(cellId).equals(specimenId)
                        ? reading.cell(cellId)
                        : null;
        boolean framed = cell != null
                && reading.review().sequences().stream()
                        .anyMatch(sequence -> sequence.frame().contains(cell));
        if (cell == null || !(framed || reading.found().containsKey(cell))) {
            throw Problem.unprocessable(
                    "UNKNOWN_CELL", "Unknown cell", "The specimen " + specimenId + " has no cell " + cellId + ".");
        }
        CellReview before = standing(specimenId, cellId, reviewer);
        if (label == null && before == null) {
            throw Problem.conflict(
                    "NO_LABEL", "No label to take back", "The reviewer has no label on this cell that stands.");
        }
        // What is taken back is taken back from where it was given.
        String frameId = label == null
                ? Objects.requireNonNull(before).getFrameId()
                : draws.frameOf(specimenId, cell, reading).orElse(null);
        String oldLabel = before == null ? null : before.getNewLabel();
        CellReview event = CellReview.newBuilder()
                .setEventId(UUID.randomUUID().toString())
                .setSpecimenId(specimenId)
                .setEvent(label == null ? "LABEL_WITHDRAWN" : "CELL_LABELLED")
                .setFrameId(frameId)
                .setCellId(cellId)
                .setOldLabel(oldLabel)
                .setNewLabel(label)
                .setReviewer(reviewer)
                .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .build();
        commands.review(event);
        return Response.accepted(new ReviewAccepted(
                        event.getEventId(), cellId, frameId, frameId != null, oldLabel, label, reviewer))
                .build();
    }

    /** The reviewer's last label of the cell, unless it was withdrawn since. */
    private @Nullable CellReview standing(String specimenId, String cellId, String reviewer) {
        List<CellReview> own = stores.reviews(specimenId).stream()
                .filter(event -> cellId.equals(event.getCellId()) && reviewer.equals(event.getReviewer()))
                .sorted(Comparator.comparing(CellReview::getAt).thenComparing(CellReview::getEventId))
                .toList();
        return own.isEmpty() || own.getLast().getNewLabel() == null ? null : own.getLast();
    }

    private void known(String specimenId) {
        if (stores.sums(specimenId) == null) {
            throw Problem.notFound("specimen", specimenId);
        }
    }

    private static String name(String field, @Nullable String text) {
        String name = Parameters.required(field, text);
        if (name.length() > LONGEST_NAME) {
            throw Problem.unprocessable(
                    "NAME_TOO_LONG",
                    "Name too long",
                    "The field " + field + " holds at most " + LONGEST_NAME + " characters.");
        }
        return name;
    }
}
