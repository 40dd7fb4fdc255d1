package io.leukostream.results.fhir;

import io.leukostream.results.rest.VerdictJson;
import java.util.Date;
import java.util.Locale;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;

/**
 * A verdict as a DiagnosticReport with an Observation for each specimen. The report is always {@code preliminary} and its
 * codes are text: the software is for research, a haematologist signs.
 */
final class DiagnosticReports {
    private static final String NOTICE = "Research use only. A haematologist decides.";

    private DiagnosticReports() {}

    static Bundle searchResult() {
        Bundle bundle = new Bundle();
        bundle.setType(Bundle.BundleType.SEARCHSET).setTotal(0);
        return bundle;
    }

    static Bundle searchResult(VerdictJson verdict) {
        Bundle bundle = searchResult();
        bundle.setTotal(1);
        bundle.addEntry()
                .setFullUrl("urn:leukostream:report:" + verdict.patientId())
                .setResource(report(verdict))
                .getSearch()
                .setMode(Bundle.SearchEntryMode.MATCH);
        return bundle;
    }

    private static DiagnosticReport report(VerdictJson verdict) {
        DiagnosticReport report = new DiagnosticReport();
        report.setId(verdict.patientId());
        report.addIdentifier().setSystem("urn:leukostream:evidence").setValue(verdict.evidenceHash());
        report.setStatus(DiagnosticReport.DiagnosticReportStatus.PRELIMINARY)
                .setCode(text("Triage of blood cell images for blasts"))
                .setSubject(subject(verdict))
                .setIssued(Date.from(verdict.updatedAt()))
                .setConclusion(verdict.state() + ". " + NOTICE);
        for (VerdictJson.Specimen specimen : verdict.specimens()) {
            Observation observation = observation(verdict, specimen);
            report.addContained(observation);
            report.addResult(new Reference("#" + observation.getId()));
        }
        return report;
    }

    private static Observation observation(VerdictJson verdict, VerdictJson.Specimen specimen) {
        Observation observation = new Observation();
        observation.setId(specimen.specimenId());
        observation
                .setStatus(Observation.ObservationStatus.PRELIMINARY)
                .setCode(text("Fraction of blasts"))
                .setSubject(subject(verdict))
                .setSpecimen(new Reference().setDisplay(specimen.specimenId() + " " + specimen.specimenType()))
                .setIssued(Date.from(verdict.updatedAt()));
        observation.addInterpretation(text(specimen.state()));
        specimen.reasons().forEach(reason -> observation.addNote(new Annotation().setText(reason)));
        VerdictJson.Fraction fraction = specimen.blastFraction();
        if (fraction == null || fraction.corrected() == null) {
            observation.setDataAbsentReason(new CodeableConcept()
                    .addCoding(new org.hl7.fhir.r4.model.Coding(
                            "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                            "not-performed",
                            "Not Performed")));
        } else {
            observation.setValue(percent(fraction.corrected()));
        }
        if (fraction != null) {
            component(observation, "Lower end of the interval", fraction.lower());
            component(observation, "Upper end of the interval", fraction.upper());
            component(observation, "Apparent fraction", fraction.apparent());
            observation.setMethod(text(String.format(
                    Locale.ROOT, "%s, level %.3f, of %s", fraction.basis(), fraction.level(), fraction.denominator())));
        }
        return observation;
    }

    private static void component(Observation observation, String what, double proportion) {
        observation.addComponent().setCode(text(what)).setValue(percent(proportion));
    }

    private static Quantity percent(double proportion) {
        return new Quantity()
                .setValue(java.math.BigDecimal.valueOf(Math.round(proportion * 10_000), 2))
                .setUnit("%")
                .setSystem("http://unitsofmeasure.org")
                .setCode("%");
    }

    private static Reference subject(VerdictJson verdict) {
        return new Reference("Patient/" + verdict.patientId());
    }

    private static CodeableConcept text(String text) {
        return new CodeableConcept().setText(text);
    }
}
