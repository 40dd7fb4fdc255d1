package io.leukostream.results.dashboard;

import io.leukostream.results.dashboard.ReviewPages.Desk;
import io.leukostream.results.dashboard.ReviewPages.Reader;
import io.leukostream.results.rest.DrawJson;
import io.leukostream.results.rest.Problem;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.rest.ReviewAccepted;
import io.leukostream.results.rest.ReviewJson;
import io.leukostream.results.rest.ReviewQueries;
import io.leukostream.results.rest.Reviews;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.topology.StoresNotReady;
import io.leukostream.schemas.Identity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Where a reviewer labels cells drawn at random, one after the other. Each step is a plain form: a script only saves the
 * reload. After a label it waits until the results hold it, so that the next page never shows what was just answered.
 */
@Path("/specimens/{specimenId}/review")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class ReviewDesk {
    private static final Duration READ_WITHIN = Duration.ofSeconds(3);
    private static final String OFF = "off";

    private final ResultsQueries queries;
    private final ReviewQueries reviewQueries;
    private final Reviews reviews;
    private final ReviewPages pages;

    ReviewDesk(ResultsQueries queries, ReviewQueries reviewQueries, Reviews reviews) {
        this.queries = queries;
        this.reviewQueries = reviewQueries;
        this.reviews = reviews;
        this.pages = new ReviewPages(ZoneId.systemDefault());
    }

    /** The desk: without a reader it asks for one, without a frame it offers to open one. Changes nothing. */
    @GET
    public ReviewPage desk(
            @PathParam("specimenId") String specimenId,
            @QueryParam("reviewer") @DefaultValue("") String reviewer,
            @QueryParam("blind") @DefaultValue("on") String blind) {
        return page(specimenId, reader(reviewer, blind), null);
    }

    /** Opens a frame over all cells found by now, if none covers them. */
    @POST
    @Path("begin")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response begin(
            @PathParam("specimenId") String specimenId,
            @FormParam("reviewer") @DefaultValue("") String reviewer,
            @FormParam("blind") @DefaultValue(OFF) String blind)
            throws InterruptedException {
        return step(specimenId, reader(reviewer, blind), () -> reviews.open(specimenId, reviewer, READ_WITHIN));
    }

    /** Takes the label of the cell on the desk. */
    @POST
    @Path("labels")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response label(
            @PathParam("specimenId") String specimenId,
            @FormParam("cellId") @DefaultValue("") String cellId,
            @FormParam("label") @DefaultValue("") String label,
            @FormParam("reviewer") @DefaultValue("") String reviewer,
            @FormParam("blind") @DefaultValue(OFF) String blind)
            throws InterruptedException {
        return step(
                specimenId,
                reader(reviewer, blind),
                () -> read(specimenId, reviews.label(specimenId, cellId, label, reviewer, Reviews.Origin.AS_DRAWN)));
    }

    /** Takes a label back; the cell lies on the desk again. */
    @POST
    @Path("withdrawals")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response withdraw(
            @PathParam("specimenId") String specimenId,
            @FormParam("cellId") @DefaultValue("") String cellId,
            @FormParam("reviewer") @DefaultValue("") String reviewer,
            @FormParam("blind") @DefaultValue(OFF) String blind)
            throws InterruptedException {
        return step(
                specimenId,
                reader(reviewer, blind),
                () -> read(specimenId, reviews.withdraw(specimenId, cellId, reviewer)));
    }

    private void read(String specimenId, ReviewAccepted accepted) throws InterruptedException {
        reviews.awaitRead(specimenId, accepted.eventId(), READ_WITHIN);
    }

    /** What a form asks for. */
    private interface Action {
        void run() throws InterruptedException;
    }

    private Response step(String specimenId, Reader reader, Action action) throws InterruptedException {
        try {
            action.run();
            String address = ReviewPage.address(specimenId, String.valueOf(reader.name()), reader.blinded());
            return Response.seeOther(URI.create(address)).build();
        } catch (Problem problem) {
            return Forms.refused(problem, page(specimenId, reader, problem.getMessage()));
        }
    }

    private static Reader reader(String name, String blind) {
        return new Reader(name.isBlank() ? null : name.strip(), !blind.equals(OFF));
    }

    private ReviewPage page(String specimenId, Reader reader, @Nullable String problem) {
        SpecimenJson specimen = queries.specimen(specimenId).orElseThrow(() -> unknown(specimenId));
        ReviewJson review = reviewQueries.review(specimenId).orElseThrow(() -> unknown(specimenId));
        return pages.page(specimen, review, reader, laid(specimenId, review, reader, problem));
    }

    private Desk laid(String specimenId, ReviewJson review, Reader reader, @Nullable String problem) {
        String name = reader.name();
        if (name == null) {
            return new Desk(null, null, null, null, problem);
        }
        List<DrawJson> next = reviews.draw(specimenId, name, 1).orElse(List.of());
        ReviewJson.Event last = review.history().stream()
                .filter(event -> event.drawn() && event.reviewer().equals(name))
                .findFirst()
                .filter(event -> event.newLabel() != null)
                .orElse(null);
        return new Desk(
                next.isEmpty() ? null : next.getFirst().cellId(),
                next.isEmpty()
                        ? null
                        : queries.imageAsFound(next.getFirst().imageId()).orElse(null),
                last == null
                        ? null
                        : queries.imageAsFound(Identity.imageIdOf(last.cellId()))
                                .flatMap(image -> image.cell(last.cellId()))
                                .orElse(null),
                last == null ? null : last.newLabel(),
                problem);
    }

    /** The stores are starting or moving. */
    @ServerExceptionMapper
    public Response notReady(StoresNotReady failure) {
        return Notices.of(failure);
    }

    /** What is not there, and what an address says wrongly. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException failure) {
        return Notices.of(failure);
    }

    private static NotFoundException unknown(String specimenId) {
        return new NotFoundException("There is no specimen " + specimenId + " here.");
    }
}
