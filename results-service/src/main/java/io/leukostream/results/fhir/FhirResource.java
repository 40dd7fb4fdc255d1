package io.leukostream.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.rest.VerdictJson;
import io.leukostream.results.topology.StoresNotReady;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** FHIR R4 over HTTP, to read only. A search for an unknown subject finds nothing; an unknown id is an outcome with 404. */
@Path("/fhir")
@Produces({FhirResource.FHIR_JSON, "application/json"})
@Blocking
public class FhirResource {
    static final String FHIR_JSON = "application/fhir+json";
    private static final String PATIENT = "Patient/";

    private final ResultsQueries queries;

    FhirResource(ResultsQueries queries) {
        this.queries = queries;
    }

    /** HAPI's model takes seconds to read on a busy machine. */
    private static final class Lazy {
        static final FhirContext CONTEXT = FhirContext.forR4();
    }

    /** Reads the model while nobody waits for it, beside the start of the service. */
    void warm(@Observes StartupEvent event) {
        Thread.ofPlatform()
                .daemon()
                .name("fhir-model")
                .start(() -> Lazy.CONTEXT.newJsonParser().encodeResourceToString(Capabilities.statement("/fhir")));
    }

    /** What is offered. */
    @GET
    @Path("metadata")
    public Response metadata(@Context UriInfo uri) {
        return fhir(200, Capabilities.statement(base(uri)));
    }

    /** The reports on a patient, named by code with or without {@code Patient/}. */
    @GET
    @Path("DiagnosticReport")
    public Response reports(@QueryParam("subject") @Nullable String subject, @Context UriInfo uri) {
        return subject == null || subject.isBlank()
                ? noSubject()
                : fhir(200, new DiagnosticReports(base(uri)).reports(verdict(subject), self(uri)));
    }

    /** A patient's report; its id is the patient's code. */
    @GET
    @Path("DiagnosticReport/{id}")
    public Response report(@PathParam("id") String id) {
        return queries.verdict(id)
                .map(verdict -> fhir(200, DiagnosticReports.report(verdict)))
                .orElseGet(() -> unknown("DiagnosticReport", id));
    }

    /** The observations on a patient's specimens. */
    @GET
    @Path("Observation")
    public Response observations(@QueryParam("subject") @Nullable String subject, @Context UriInfo uri) {
        return subject == null || subject.isBlank()
                ? noSubject()
                : fhir(200, new DiagnosticReports(base(uri)).observations(verdict(subject), self(uri)));
    }

    /** The observation on a specimen; its id is the specimen's code. */
    @GET
    @Path("Observation/{id}")
    public Response observation(@PathParam("id") String id) {
        Optional<VerdictJson> verdict =
                queries.specimen(id).map(SpecimenJson::patientId).flatMap(queries::verdict);
        return verdict.flatMap(found -> found.specimens().stream()
                        .filter(specimen -> specimen.specimenId().equals(id))
                        .findFirst()
                        .map(specimen -> fhir(200, DiagnosticReports.observation(found, specimen))))
                .orElseGet(() -> unknown("Observation", id));
    }

    private Optional<VerdictJson> verdict(String subject) {
        return queries.verdict(subject.startsWith(PATIENT) ? subject.substring(PATIENT.length()) : subject);
    }

    /** The stores are starting or moving. */
    @ServerExceptionMapper
    public Response notReady(StoresNotReady failure) {
        return Response.fromResponse(
                        outcome(503, IssueType.TRANSIENT, "The results are being read in; ask again soon."))
                .header("Retry-After", 2)
                .build();
    }

    private static Response noSubject() {
        return outcome(400, IssueType.REQUIRED, "The parameter subject is missing.");
    }

    private static Response unknown(String type, String id) {
        return outcome(404, IssueType.NOTFOUND, "There is no " + type + "/" + id + " here.");
    }

    private static Response outcome(int status, IssueType type, String words) {
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(OperationOutcome.IssueSeverity.ERROR)
                .setCode(type)
                .setDiagnostics(words);
        return fhir(status, outcome);
    }

    private static String base(UriInfo uri) {
        return uri.getBaseUri().resolve("/fhir/").toString();
    }

    private static String self(UriInfo uri) {
        return uri.getRequestUri().toString();
    }

    private static Response fhir(int status, IBaseResource resource) {
        return Response.status(status)
                .type(FHIR_JSON)
                .entity(Lazy.CONTEXT.newJsonParser().encodeResourceToString(resource))
                .build();
    }
}
