package io.leukostream.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import io.leukostream.results.rest.ResultsQueries;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.jspecify.annotations.Nullable;

/** {@code GET /fhir/DiagnosticReport?subject=}: a search, so an unknown subject is an empty result. */
@Path("/fhir/DiagnosticReport")
@Blocking
public class FhirResource {
    private static final String FHIR_JSON = "application/fhir+json";
    private static final String PATIENT = "Patient/";

    private final ResultsQueries queries;

    FhirResource(ResultsQueries queries) {
        this.queries = queries;
    }

    /** Made when first needed: HAPI's model takes a second to read. */
    private static final class Lazy {
        static final FhirContext CONTEXT = FhirContext.forR4();
    }

    /** The reports on a patient, named by code with or without {@code Patient/}. */
    @GET
    @Produces({FHIR_JSON, "application/json"})
    public Response search(@QueryParam("subject") @Nullable String subject) {
        if (subject == null || subject.isBlank()) {
            OperationOutcome outcome = new OperationOutcome();
            outcome.addIssue()
                    .setSeverity(OperationOutcome.IssueSeverity.ERROR)
                    .setCode(OperationOutcome.IssueType.REQUIRED)
                    .setDiagnostics("The parameter subject is missing.");
            return fhir(400, outcome);
        }
        String patientId = subject.startsWith(PATIENT) ? subject.substring(PATIENT.length()) : subject;
        return fhir(
                200,
                queries.verdict(patientId)
                        .map(DiagnosticReports::searchResult)
                        .orElseGet(DiagnosticReports::searchResult));
    }

    private static Response fhir(int status, IBaseResource resource) {
        return Response.status(status)
                .type(FHIR_JSON)
                .entity(Lazy.CONTEXT.newJsonParser().encodeResourceToString(resource))
                .build();
    }
}
