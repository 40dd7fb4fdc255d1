package io.leukostream.results.csv;

import io.leukostream.results.rest.Problem;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.rest.VerdictJson;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;

/** A patient's verdict as a table. */
@Path("/api/v1/patients/{patientId}/report.csv")
@Blocking
public class PatientCsvResource {
    private final ResultsQueries queries;

    PatientCsvResource(ResultsQueries queries) {
        this.queries = queries;
    }

    /** A row for each specimen, with all figures. */
    @GET
    @Produces("text/csv")
    public Response report(@PathParam("patientId") String patientId) {
        VerdictJson verdict = queries.verdict(patientId).orElseThrow(() -> Problem.notFound("patient", patientId));
        return PatientTable.TABLE.response(verdict.patientId() + ".csv", PatientTable.rows(verdict));
    }
}
