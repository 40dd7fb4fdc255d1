package io.leukostream.results.dashboard;

import io.leukostream.results.rest.CellJson;
import io.leukostream.results.rest.Problem;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.rest.ReviewAccepted;
import io.leukostream.results.rest.Reviews;
import io.leukostream.results.topology.StoresNotReady;
import io.leukostream.schemas.Identity;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Where a person corrects one cell that was chosen in a gallery. */
@Path("/cells/{cellId}/label")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class CellLabels {
    private static final Duration READ_WITHIN = Duration.ofSeconds(3);

    private final ResultsQueries queries;
    private final Reviews reviews;

    CellLabels(ResultsQueries queries, Reviews reviews) {
        this.queries = queries;
        this.reviews = reviews;
    }

    /** The form. */
    @GET
    public TemplateInstance form(@PathParam("cellId") String cellId) {
        return new LabelPage(Pages.tile(cell(cellId)), Identity.specimenIdOf(cellId), "", null);
    }

    /**
     * Takes the label, or takes it back where it is empty. A script gets the cell as it stands then, in the place of the one
     * in its gallery; a plain form the specimen's page.
     */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response label(
            @PathParam("cellId") String cellId,
            @FormParam("label") @DefaultValue("") String label,
            @FormParam("reviewer") @DefaultValue("") String reviewer,
            @HeaderParam("HX-Request") @DefaultValue("false") boolean script)
            throws InterruptedException {
        CellJson cell = cell(cellId);
        String specimenId = Identity.specimenIdOf(cellId);
        try {
            ReviewAccepted accepted = label.isEmpty()
                    ? reviews.withdraw(specimenId, cellId, reviewer)
                    : reviews.label(specimenId, cellId, label, reviewer, Reviews.Origin.CHOSEN);
            reviews.awaitRead(specimenId, accepted.eventId(), READ_WITHIN);
        } catch (Problem problem) {
            return Forms.refused(
                    problem,
                    new LabelPage(Pages.tile(cell), specimenId, reviewer, String.valueOf(problem.getMessage())));
        }
        return script
                ? Response.ok(new CellPage(Pages.tile(cell(cellId))).render())
                        .header("HX-Retarget", "[id='cell-" + cellId + "']")
                        .header("HX-Reswap", "outerHTML")
                        .header("HX-Reselect", "figure")
                        .header("HX-Trigger", "labelled")
                        .build()
                : Response.seeOther(URI.create("/specimens/" + specimenId + "#cells"))
                        .build();
    }

    private CellJson cell(String cellId) {
        return queries.cell(cellId).orElseThrow(() -> new NotFoundException("There is no cell " + cellId + " here."));
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
}
