package io.leukostream.results.rest;

import io.leukostream.results.domain.Triage;
import io.leukostream.results.domain.VerdictState;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The worklist and the verdicts. */
@Path("/api/v1/patients")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class PatientsResource {
    private final ResultsQueries queries;

    PatientsResource(ResultsQueries queries) {
        this.queries = queries;
    }

    /**
     * The worklist, those to be looked at first on top.
     *
     * @param triage URGENT, ELEVATED, ROUTINE or UNRANKED
     * @param fragment a part of the code of a patient or specimen
     */
    @GET
    public Page<PatientJson> patients(
            @QueryParam("state") @Nullable String state,
            @QueryParam("triage") @Nullable String triage,
            @QueryParam("q") @DefaultValue("") String fragment,
            @QueryParam("page") @DefaultValue("0") String page) {
        return queries.patients(
                Parameters.optional(VerdictState.class, "state", state),
                Parameters.optional(Triage.Level.class, "triage", triage),
                fragment.strip().toUpperCase(Locale.ROOT),
                Parameters.page(page));
    }

    /** A patient's verdict. */
    @GET
    @Path("{patientId}/verdict")
    public VerdictJson verdict(@jakarta.ws.rs.PathParam("patientId") String patientId) {
        return queries.verdict(patientId).orElseThrow(() -> Problem.notFound("patient", patientId));
    }
}
