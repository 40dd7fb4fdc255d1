package io.leukostream.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import io.leukostream.results.config.ResultsConfig;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.rest.VerdictJson;
import io.leukostream.results.topology.StoresNotReady;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * FHIR R4 over HTTP, to read only. A search for a patient who is not known finds nothing; an unknown id is an outcome with
 * 404, and a search that is not understood one with 400.
 */
@Path("/fhir")
@Produces({FhirResource.FHIR_JSON, "application/json"})
@Blocking
public class FhirResource {
    static final String FHIR_JSON = "application/fhir+json";

    private final ResultsQueries queries;

    private final URI dashboard;

    FhirResource(ResultsQueries queries, ResultsConfig config) {
        this.queries = queries;
        this.dashboard = config.notification().baseUrl();
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

    /** The reports on patients. */
    @GET
    @Path("DiagnosticReport")
    public Response reports(@Context UriInfo uri, @HeaderParam("Prefer") @DefaultValue("") String prefer) {
        return searched("DiagnosticReport", uri.getQueryParameters(), uri, prefer, DiagnosticReports::reports);
    }

    /** The same search with its parameters in a body. */
    @POST
    @Path("DiagnosticReport/_search")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response searchReports(
            MultivaluedMap<String, String> form,
            @Context UriInfo uri,
            @HeaderParam("Prefer") @DefaultValue("") String prefer) {
        return searched("DiagnosticReport", together(uri, form), uri, prefer, DiagnosticReports::reports);
    }

    /** A patient's report; its id is the patient's code. */
    @GET
    @Path("DiagnosticReport/{id}")
    public Response report(@PathParam("id") String id) {
        return queries.verdict(id)
                .map(verdict -> fhir(200, DiagnosticReports.report(verdict)))
                .orElseGet(() -> unknown("DiagnosticReport", id));
    }

    /** The observations on patients' specimens. */
    @GET
    @Path("Observation")
    public Response observations(@Context UriInfo uri, @HeaderParam("Prefer") @DefaultValue("") String prefer) {
        return searched("Observation", uri.getQueryParameters(), uri, prefer, DiagnosticReports::observations);
    }

    /** The same search with its parameters in a body. */
    @POST
    @Path("Observation/_search")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response searchObservations(
            MultivaluedMap<String, String> form,
            @Context UriInfo uri,
            @HeaderParam("Prefer") @DefaultValue("") String prefer) {
        return searched("Observation", together(uri, form), uri, prefer, DiagnosticReports::observations);
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

    private interface Answer {
        Bundle of(DiagnosticReports reports, List<VerdictJson> verdicts, SearchedSubjects search);
    }

    private Response searched(
            String type, MultivaluedMap<String, String> parameters, UriInfo uri, String prefer, Answer answer) {
        String format = parameters.getFirst("_format");
        if (format != null && !format.contains("json")) {
            return outcome(406, IssueType.NOTSUPPORTED, "Answers are written as JSON only.");
        }
        try {
            SearchedSubjects search =
                    SearchedSubjects.of(type, parameters, bases(uri), prefer.contains("handling=strict"));
            List<VerdictJson> verdicts = search.codes().stream()
                    .flatMap(code -> queries.verdict(code).stream())
                    .toList();
            return fhir(200, answer.of(new DiagnosticReports(base(uri)), verdicts, search));
        } catch (SearchedSubjects.MissingException e) {
            return noSubject();
        } catch (SearchedSubjects.RefusedException e) {
            return outcome(400, IssueType.NOTSUPPORTED, String.valueOf(e.getMessage()));
        }
    }

    private static MultivaluedMap<String, String> together(UriInfo uri, MultivaluedMap<String, String> form) {
        MultivaluedMap<String, String> all = new MultivaluedHashMap<>(uri.getQueryParameters());
        form.forEach(all::addAll);
        return all;
    }

    /** This server's address as it was asked, and as people reach it. */
    private List<String> bases(UriInfo uri) {
        return List.of(base(uri), dashboard.resolve("/fhir/").toString());
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

    private static Response fhir(int status, IBaseResource resource) {
        return Response.status(status)
                .type(FHIR_JSON)
                .entity(Lazy.CONTEXT.newJsonParser().encodeResourceToString(resource))
                .build();
    }
}
