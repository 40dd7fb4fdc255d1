package io.leukostream.results.dashboard;

import io.leukostream.results.dashboard.SpecimenPage.RejectedImage;
import io.leukostream.results.domain.Triage;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import io.leukostream.results.rest.AcknowledgementRequest;
import io.leukostream.results.rest.AlertJson;
import io.leukostream.results.rest.AlertsResource;
import io.leukostream.results.rest.Page;
import io.leukostream.results.rest.PatientJson;
import io.leukostream.results.rest.Problem;
import io.leukostream.results.rest.ResultsQueries;
import io.leukostream.results.rest.ReviewQueries;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.rest.SystemQueries;
import io.leukostream.results.rest.VerdictJson;
import io.leukostream.results.topology.PatientState;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.SpecimenAssessment;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The pages. Each asks the same queries as the REST resources; without scripts they work too, only they stand still. */
@Path("/")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
public class DashboardResource {

    private static final int MOST_REJECTED = 200;

    private final ResultsQueries queries;
    private final ResultsStores stores;
    private final ReviewQueries reviews;
    private final AlertsResource alerts;
    private final SystemQueries system;
    private final Pages pages;

    DashboardResource(
            ResultsQueries queries,
            ReviewQueries reviews,
            ResultsStores stores,
            AlertsResource alerts,
            SystemQueries system,
            VerdictPolicy policy) {
        this.queries = queries;
        this.reviews = reviews;
        this.stores = stores;
        this.alerts = alerts;
        this.system = system;
        this.pages = new Pages(
                policy.marrow().threshold(), policy.marrow().avoidBelow(), ZoneId.systemDefault(), Clock.systemUTC());
    }

    /** The worklist; a whole code leads to what it names. */
    @GET
    public Object worklist(
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("triage") @DefaultValue("") String triage,
            @QueryParam("q") @DefaultValue("") String query,
            @QueryParam("page") @DefaultValue("0") int page) {
        String code = query.strip().toUpperCase(Locale.ROOT);
        if (!code.isEmpty() && stores.patient(code) != null) {
            return to("/patients/", code);
        }
        if (!code.isEmpty() && stores.specimen(code) != null) {
            return to("/specimens/", code);
        }
        if (Identity.isImageId(code)) {
            return to("/images/", code);
        }
        VerdictState only = Stream.of(VerdictState.values())
                .filter(each -> each.name().equals(state))
                .findFirst()
                .orElse(null);
        Triage.Level level = Stream.of(Triage.Level.values())
                .filter(each -> each.name().equals(triage))
                .findFirst()
                .orElse(null);
        Page<PatientJson> shown = queries.patients(only, level, code, Math.max(0, page));
        return pages.worklist(
                queries.patientsByState().entrySet().stream()
                        .collect(Collectors.toMap(count -> count.getKey().name(), Map.Entry::getValue)),
                shown,
                simulated(shown.items()),
                only == null ? "" : only.name(),
                level == null ? "" : level.name(),
                code,
                queries.alerts(null, 0).items());
    }

    /** Specimens whose fraction rests on the labels of a simulated reviewer. */
    private Set<String> simulated(List<PatientJson> patients) {
        List<String> reviewed = patients.stream()
                .filter(patient -> patient.blastFraction() != null
                        && patient.blastFraction().basis().equals("REVIEW"))
                .map(PatientJson::specimenId)
                .toList();
        return stores.specimens(reviewed).values().stream()
                .filter(specimen -> specimen.frame() != null
                        && specimen.frame().primaryReader() != null
                        && Reviewer.isSimulated(specimen.frame().primaryReader()))
                .map(SpecimenAssessment::specimenId)
                .collect(Collectors.toSet());
    }

    /** A patient. */
    @GET
    @Path("patients/{patientId}")
    public TemplateInstance patient(@PathParam("patientId") String patientId) {
        return patientPage(patientId);
    }

    PatientPage patientPage(String patientId) {
        PatientState patient = stores.patient(patientId);
        VerdictJson verdict = queries.verdict(patientId).orElse(null);
        if (patient == null || verdict == null) {
            throw unknown("patient", patientId);
        }
        Map<String, List<Reviewer>> reviewers = new HashMap<>();
        for (VerdictJson.Specimen specimen : verdict.specimens()) {
            reviewers.put(specimen.specimenId(), reviewersOf(specimen));
        }
        Map<String, Instant> times = new HashMap<>();
        patient.specimens().forEach((specimenId, assessment) -> times.put(specimenId, assessment.at()));
        return pages.patient(verdict, reviewers, alertsOf(patient), times);
    }

    private List<AlertJson> alertsOf(PatientState patient) {
        List<AlertJson> newestFirst = new ArrayList<>();
        for (int number = patient.lastAlert(); number > 0; number--) {
            queries.alert(patient.patientId() + "." + number).ifPresent(newestFirst::add);
        }
        return newestFirst;
    }

    private List<Reviewer> reviewersOf(VerdictJson.Specimen specimen) {
        return specimen.cells().reviewed() == 0 ? List.of() : Reviewer.of(stores.reviews(specimen.specimenId()));
    }

    /** A specimen with its cells. */
    @GET
    @Path("specimens/{specimenId}")
    public TemplateInstance specimen(
            @PathParam("specimenId") String specimenId,
            @QueryParam("label") @DefaultValue("") String label,
            @QueryParam("type") @DefaultValue("") String type,
            @QueryParam("order") @DefaultValue("") String order,
            @QueryParam("page") @DefaultValue("0") int page) {
        SpecimenJson specimen = queries.specimen(specimenId).orElseThrow(() -> unknown("specimen", specimenId));
        Gallery gallery = Gallery.of(label, type, order, Math.max(0, page));
        return pages.specimen(
                specimen,
                reviewersOf(specimen.verdict()),
                queries.cells(
                                specimenId,
                                gallery.filter(),
                                type.isEmpty() ? null : type,
                                gallery.order(),
                                gallery.page(),
                                Gallery.PAGE_SIZE)
                        .orElseGet(() -> new Page<>(List.of(), null)),
                specimen.verdict().images().rejected() == 0 ? List.of() : rejected(specimenId),
                gallery,
                reviews.review(specimenId).orElseThrow(() -> unknown("specimen", specimenId)));
    }

    private List<RejectedImage> rejected(String specimenId) {
        return stores.images(specimenId).values().stream()
                .flatMap(image -> Stream.ofNullable(image.rejected()))
                .limit(MOST_REJECTED)
                .map(image -> Pages.rejected(image.getImageId(), image.getReason(), image.getDetail()))
                .toList();
    }

    /** Where all images are. */
    @GET
    @Path("accounting")
    public TemplateInstance accounting() {
        return pages.accounting(queries.accounting(Instant.now()));
    }

    /** What each code means; the same document as docs/rejections.md, so that it reads offline. */
    @GET
    @Path("rejections")
    public TemplateInstance rejections() {
        return pages.rejections();
    }

    /** How the scanners do. */
    @GET
    @Path("scanners")
    public TemplateInstance scanners() {
        return pages.scanners(queries.drift(LocalDate.now(ZoneOffset.UTC), ScannersPage.DAYS));
    }

    /** How the pipeline does. */
    @GET
    @Path("system")
    public TemplateInstance system() throws InterruptedException {
        return pages.system(system.system());
    }

    /** Asks for the code of an image, or leads to it. */
    @GET
    @Path("images")
    public Object findImage(@QueryParam("id") @DefaultValue("") String imageId) {
        return imageId.isBlank() ? new ImageSearchPage() : to("/images/", imageId.strip());
    }

    /** One image. */
    @GET
    @Path("images/{imageId}")
    public TemplateInstance image(@PathParam("imageId") String imageId) {
        return queries.image(imageId)
                .map(image ->
                        pages.image(image, queries.specimen(image.specimenId()).orElse(null)))
                .orElseThrow(() -> unknown("image", imageId));
    }

    /** The form for the read-back of an alert. */
    @GET
    @Path("alerts/{alertId}/acknowledge")
    public TemplateInstance acknowledge(@PathParam("alertId") String alertId) {
        return pages.acknowledge(alert(alertId), null, "", "", "");
    }

    /**
     * Takes the read-back. A script gets 204 and the event that closes its dialog, a plain form the patient's page; a refusal
     * gives the form again with what was entered.
     */
    @POST
    @Path("alerts/{alertId}/acknowledge")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response acknowledge(
            @PathParam("alertId") String alertId,
            @FormParam("acknowledgedBy") @DefaultValue("") String acknowledgedBy,
            @FormParam("patientId") @DefaultValue("") String patientId,
            @FormParam("state") @DefaultValue("") String state,
            @HeaderParam("HX-Request") @DefaultValue("false") boolean script) {
        AlertJson alert = alert(alertId);
        String code = patientId.strip().toUpperCase(Locale.ROOT);
        var readBack = new AcknowledgementRequest(acknowledgedBy, new AcknowledgementRequest.ReadBack(code, state));
        try {
            alerts.acknowledge(alertId, readBack).close();
            return script
                    ? Response.noContent().header("HX-Trigger", "acknowledged").build()
                    : to("/patients/", alert.patientId());
        } catch (Problem problem) {
            String error = String.valueOf(problem.getMessage());
            return Forms.refused(problem, pages.acknowledge(alert(alertId), error, acknowledgedBy, patientId, state));
        }
    }

    private AlertJson alert(String alertId) {
        return queries.alert(alertId).orElseThrow(() -> unknown("alert", alertId));
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

    private static NotFoundException unknown(String what, String id) {
        return new NotFoundException("There is no " + what + " " + id + " here.");
    }

    static Response to(String path, String code) {
        return Response.seeOther(URI.create(path + URLEncoder.encode(code, StandardCharsets.UTF_8)))
                .build();
    }
}
