package io.leukostream.results.csv;

import io.leukostream.results.rest.CellJson;
import io.leukostream.results.rest.Problem;
import io.leukostream.results.rest.ResultsQueries;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.util.stream.Stream;

/** A specimen's cells as a table. */
@Path("/api/v1/specimens/{specimenId}/cells.csv")
@Blocking
public class CellsCsvResource {
    private final ResultsQueries queries;

    CellsCsvResource(ResultsQueries queries) {
        this.queries = queries;
    }

    /** A row for each cell, those that are not counted too, by image and place; written as it goes. */
    @GET
    @Produces("text/csv")
    public Response cells(@PathParam("specimenId") String specimenId) {
        Stream<CellJson> cells =
                queries.everyCell(specimenId).orElseThrow(() -> Problem.notFound("specimen", specimenId));
        return CellTable.TABLE.response(specimenId + "-cells.csv", cells.map(CellTable::row));
    }
}
