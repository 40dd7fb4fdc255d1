package io.leukostream.results.fhir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import io.leukostream.results.rest.VerdictJson;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Specimen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosticReportsTest {
    private static final String HASH = "sha256:" + "4f".repeat(32);
    private static final String BASE = "http://localhost:8080/fhir/";
    private static final VerdictJson.Fraction HIGH =
            new VerdictJson.Fraction(0.783, 0.87, 0.612, 0.981, 0.95, "MODEL", "CLASSIFIED_LYMPHOID_CELLS");
    private static final VerdictJson.Fraction LABELS =
            new VerdictJson.Fraction(0.02, null, 0.0, 0.094, 0.95, "REVIEW", "WHITE_CELLS_FOUND");

    private static FhirContext context;
    private static FhirValidator validator;

    @BeforeAll
    static void load() {
        context = FhirContext.forR4();
        validator = context.newValidator()
                .registerValidatorModule(new FhirInstanceValidator(new ValidationSupportChain(
                        new DefaultProfileValidationSupport(context),
                        new CommonCodeSystemsTerminologyService(context),
                        new InMemoryTerminologyServerValidationSupport(context))));
    }

    static Stream<VerdictJson> everyState() {
        return Stream.of(
                verdict(specimen("BONE_MARROW", "CELL", "BLASTS_SUSPECTED", HIGH)),
                verdict(specimen("PERIPHERAL_BLOOD", "FIELD", "BLASTS_BELOW_THRESHOLD", LABELS)),
                verdict(specimen("BONE_MARROW", "CELL", "INDETERMINATE", HIGH)),
                verdict(specimen("BONE_MARROW", "FIELD", "WITHHELD", HIGH)),
                verdict(specimen("BONE_MARROW", "CELL", "INSUFFICIENT_CELLS", null)),
                verdict(
                        specimen("BONE_MARROW", "CELL", "INDETERMINATE", HIGH),
                        specimen("PERIPHERAL_BLOOD", "CELL", "INSUFFICIENT_CELLS", HIGH)));
    }

    @ParameterizedTest
    @MethodSource("everyState")
    void whatIsAnsweredIsValidAndGivesNoAllClear(VerdictJson verdict) {
        // Given
        DiagnosticReports reports = new DiagnosticReports(BASE);

        // When
        Bundle bundle = reports.reports(List.of(verdict), searched("DiagnosticReport", "P-7K2M9QXA"));

        // Then
        assertEquals(List.of(), errors(bundle));
        assertEquals(List.of(), errors(DiagnosticReports.report(verdict)));
        assertEquals(List.of(), errors(reports.observations(List.of(verdict), searched("Observation", "P-7K2M9QXA"))));
        assertEquals(1, bundle.getTotal());
        assertEquals(1 + verdict.specimens().size(), bundle.getEntry().size());
        DiagnosticReport report = (DiagnosticReport) bundle.getEntryFirstRep().getResource();
        assertEquals(DiagnosticReport.DiagnosticReportStatus.PRELIMINARY, report.getStatus());
        assertTrue(report.getConclusion().contains("Research use only"), report.getConclusion());
        String json = context.newJsonParser().encodeResourceToString(bundle).toLowerCase(Locale.ROOT);
        for (String allClear : List.of("negative", "no leukaemia", "normal", "healthy")) {
            assertFalse(json.contains(allClear), allClear);
        }
    }

    @Test
    void theValidatorFindsWhatIsWrong() {
        // Given
        Observation observation = new Observation();
        observation.setStatus(Observation.ObservationStatus.PRELIMINARY);

        // When
        List<String> errors = errors(observation);

        // Then
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains("code"), errors.toString());
    }

    @Test
    void theCapabilityStatementIsValid() {
        // When
        List<String> errors = errors(Capabilities.statement(BASE));

        // Then
        assertEquals(List.of(), errors);
    }

    @Test
    void anUnknownSubjectHasAnEmptyBundle() {
        // When
        Bundle bundle = new DiagnosticReports(BASE).reports(List.of(), searched("DiagnosticReport", "P-NONE"));

        // Then
        assertEquals(0, bundle.getTotal());
        assertFalse(bundle.hasEntry());
        assertEquals(List.of(), errors(bundle));
    }

    @Test
    void theObservationHasTheFiguresAndItsSpecimen() {
        // When
        Observation observation = observation(specimen("BONE_MARROW", "CELL", "BLASTS_SUSPECTED", HIGH));

        // Then
        assertEquals("87.00", ((Quantity) observation.getValue()).getValue().toPlainString());
        assertEquals(
                "61.20",
                figure(observation, "lower").getValueQuantity().getValue().toPlainString());
        assertEquals(
                "98.10",
                figure(observation, "upper").getValueQuantity().getValue().toPlainString());
        assertEquals(
                "25.00",
                figure(observation, "threshold").getValueQuantity().getValue().toPlainString());
        assertEquals(
                "MODEL",
                figure(observation, "basis")
                        .getValueCodeableConcept()
                        .getCodingFirstRep()
                        .getCode());
        Specimen specimen = (Specimen) observation.getContained().getFirst();
        assertEquals("119359002", specimen.getType().getCodingFirstRep().getCode());
        assertFalse(observation.getCode().hasCoding(), "of lymphoid cells in marrow LOINC has no share of blasts");
    }

    @Test
    void labelsAreTheFigureOfAReview() {
        // When
        Observation observation = observation(specimen("PERIPHERAL_BLOOD", "FIELD", "BLASTS_BELOW_THRESHOLD", LABELS));

        // Then
        assertEquals("2.00", ((Quantity) observation.getValue()).getValue().toPlainString());
        assertEquals("26446-5", observation.getCode().getCodingFirstRep().getCode());
        assertEquals(
                "REVIEW",
                figure(observation, "basis")
                        .getValueCodeableConcept()
                        .getCodingFirstRep()
                        .getCode());
    }

    @Test
    void whatIsWithheldOrNotEnoughHasNoFigureButAReason() {
        // When
        Observation withheld = observation(specimen("BONE_MARROW", "CELL", "WITHHELD", HIGH));
        Observation few = observation(specimen("BONE_MARROW", "CELL", "INSUFFICIENT_CELLS", HIGH));

        // Then
        assertNull(withheld.getValue());
        assertEquals(
                "unknown", withheld.getDataAbsentReason().getCodingFirstRep().getCode());
        assertFalse(figure(withheld, "lower").hasValue());
        assertNull(few.getValue());
        assertEquals(
                "temp-unknown", few.getDataAbsentReason().getCodingFirstRep().getCode());
        assertEquals(
                "temp-unknown",
                figure(few, "upper").getDataAbsentReason().getCodingFirstRep().getCode());
    }

    private static Observation observation(VerdictJson.Specimen specimen) {
        return DiagnosticReports.observation(verdict(specimen), specimen);
    }

    private static Observation.ObservationComponentComponent figure(Observation observation, String code) {
        return observation.getComponent().stream()
                .filter(each -> each.getCode().getCodingFirstRep().getCode().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> errors(IBaseResource resource) {
        // By way of the text that is sent, so that what is contained and referred to is seen as a reader sees it.
        String json = context.newJsonParser().encodeResourceToString(resource);
        return validator.validateWithResult(json).getMessages().stream()
                .filter(message -> message.getSeverity() == ResultSeverityEnum.ERROR
                        || message.getSeverity() == ResultSeverityEnum.FATAL)
                .map(message -> message.getLocationString() + ": " + message.getMessage())
                .toList();
    }

    private static VerdictJson.Specimen specimen(
            String type, String kind, String state, VerdictJson.@Nullable Fraction fraction) {
        return new VerdictJson.Specimen(
                type.equals("BONE_MARROW") ? "S-4F7Q2LTB" : "S-5M6N7P8Q",
                type,
                kind,
                state,
                new VerdictJson.Images(120, 113, 2, 5),
                new VerdictJson.Cells(512, 401, 9, 24),
                fraction,
                0.25,
                null,
                List.of("The interval says so.", "5 < 6 & \"7\""),
                HASH);
    }

    private static VerdictJson verdict(VerdictJson.Specimen... specimens) {
        return new VerdictJson(
                "P-7K2M9QXA",
                specimens[0].state(),
                HASH,
                "leukostream-cells/2.0.0",
                Instant.parse("2026-11-23T14:30:00Z"),
                true,
                null,
                List.of(specimens));
    }

    private static SearchedSubjects searched(String type, String code) {
        return new SearchedSubjects(Set.of(code), BASE + type + "?subject=" + code, List.of());
    }
}
