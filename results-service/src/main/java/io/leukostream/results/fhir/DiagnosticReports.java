package io.leukostream.results.fhir;

import io.leukostream.results.rest.VerdictJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Specimen;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.jspecify.annotations.Nullable;

/**
 * A verdict as a DiagnosticReport, and each of its specimens as an Observation. Both are always {@code preliminary}: the
 * software is for research, a haematologist signs.
 *
 * <p>A code of LOINC or SNOMED CT stands only where its meaning is just ours: the type of a specimen, and the share of
 * blasts among the leukocytes of blood. All else is text, with this software's own code beside it where there is one.
 */
final class DiagnosticReports {
    private static final String NOTICE = "Research use only; a haematologist decides.";
    private static final String OWN_CODES = "urn:leukostream:";
    private static final String LOINC = "http://loinc.org";
    private static final String SNOMED = "http://snomed.info/sct";
    private static final String UCUM = "http://unitsofmeasure.org";
    private static final String HL7 = "http://terminology.hl7.org/CodeSystem/";
    private static final String SPECIMEN = "specimen";

    private final String base;

    /**
     * @param base the address that resources are found under, with a slash at its end
     */
    DiagnosticReports(String base) {
        this.base = base;
    }

    /** The reports on patients and, included, their observations. */
    Bundle reports(List<VerdictJson> verdicts, SearchedSubjects search) {
        Bundle bundle = searchSet(verdicts.size(), search);
        verdicts.forEach(found -> add(bundle, report(found), Bundle.SearchEntryMode.MATCH));
        verdicts.forEach(
                found -> observations(found).forEach(each -> add(bundle, each, Bundle.SearchEntryMode.INCLUDE)));
        return warned(bundle, search);
    }

    /** The observations on patients' specimens. */
    Bundle observations(List<VerdictJson> verdicts, SearchedSubjects search) {
        List<Observation> found = verdicts.stream()
                .flatMap(verdict -> observations(verdict).stream())
                .toList();
        Bundle bundle = searchSet(found.size(), search);
        found.forEach(each -> add(bundle, each, Bundle.SearchEntryMode.MATCH));
        return warned(bundle, search);
    }

    private static Bundle searchSet(int total, SearchedSubjects search) {
        Bundle bundle = new Bundle();
        bundle.setType(Bundle.BundleType.SEARCHSET).setTotal(total);
        bundle.addLink().setRelation("self").setUrl(search.self());
        return bundle;
    }

    /** Names what of the search was left out, as FHIR has it: an outcome among the entries. */
    private static Bundle warned(Bundle bundle, SearchedSubjects search) {
        search.warnings().forEach(words -> {
            OperationOutcome outcome = new OperationOutcome();
            outcome.addIssue()
                    .setSeverity(OperationOutcome.IssueSeverity.WARNING)
                    .setCode(OperationOutcome.IssueType.NOTSUPPORTED)
                    .setDiagnostics(words);
            bundle.addEntry().setResource(outcome).getSearch().setMode(Bundle.SearchEntryMode.OUTCOME);
        });
        return bundle;
    }

    private void add(Bundle bundle, Resource resource, Bundle.SearchEntryMode mode) {
        bundle.addEntry()
                .setFullUrl(base + resource.fhirType() + "/"
                        + resource.getIdElement().getIdPart())
                .setResource(resource)
                .getSearch()
                .setMode(mode);
    }

    /** The report on a verdict; its id is the patient's code. */
    static DiagnosticReport report(VerdictJson verdict) {
        DiagnosticReport report = new DiagnosticReport();
        report.setId(verdict.patientId());
        report.getMeta().setLastUpdated(Date.from(verdict.updatedAt()));
        report.addIdentifier().setSystem(OWN_CODES + "evidence").setValue(verdict.evidenceHash());
        String conclusion = conclusion(verdict);
        report.setStatus(DiagnosticReport.DiagnosticReportStatus.PRELIMINARY)
                .addCategory(coded(HL7 + "v2-0074", "HM", "Hematology"))
                .setCode(text("Triage of microscope images of blood cells for blasts"))
                .setSubject(subject(verdict.patientId()))
                .setIssued(Date.from(verdict.updatedAt()))
                .setConclusion(conclusion)
                .addConclusionCode(state(verdict.state()));
        report.setText(narrative(conclusion));
        verdict.specimens().forEach(specimen -> {
            report.addResult(new Reference("Observation/" + specimen.specimenId()));
            Specimen contained = specimen(verdict.patientId(), specimen, SPECIMEN + "-" + specimen.specimenId());
            report.addContained(contained);
            report.addSpecimen(new Reference("#" + contained.getIdElement().getIdPart()));
        });
        return report;
    }

    /** Says what the verdict is, never more than its interval does, and never that there is nothing. */
    private static String conclusion(VerdictJson verdict) {
        StringBuilder words = new StringBuilder(
                verdict.mergedInto() == null
                        ? StateText.of(verdict.state()) + " (" + verdict.state() + ")."
                        : "Merged into " + verdict.mergedInto() + ", whose report has all specimens.");
        for (VerdictJson.Specimen specimen : verdict.specimens()) {
            words.append(' ').append(StateText.sentence(specimen));
        }
        return words.append(' ').append(NOTICE).toString();
    }

    private static Narrative narrative(String words) {
        XhtmlNode div = new XhtmlNode(NodeType.Element, "div");
        div.addTag("p").addText(words);
        Narrative narrative = new Narrative();
        narrative.setStatus(Narrative.NarrativeStatus.GENERATED).setDiv(div);
        return narrative;
    }

    private static List<Observation> observations(VerdictJson verdict) {
        return verdict.specimens().stream()
                .map(specimen -> observation(verdict, specimen))
                .toList();
    }

    /** The observation on one specimen of a verdict; its id is the specimen's code. */
    static Observation observation(VerdictJson verdict, VerdictJson.Specimen specimen) {
        Observation observation = new Observation();
        observation.setId(specimen.specimenId());
        observation.getMeta().setLastUpdated(Date.from(verdict.updatedAt()));
        observation.addIdentifier().setSystem(OWN_CODES + "evidence").setValue(specimen.evidenceHash());
        observation.addContained(specimen(verdict.patientId(), specimen, SPECIMEN));
        observation
                .setStatus(Observation.ObservationStatus.PRELIMINARY)
                .addCategory(coded(HL7 + "observation-category", "laboratory", "Laboratory"))
                .setCode(code(specimen))
                .setSubject(subject(verdict.patientId()))
                .setSpecimen(new Reference("#" + SPECIMEN))
                .setIssued(Date.from(verdict.updatedAt()))
                .addInterpretation(state(specimen.state()));
        observation.setText(narrative(StateText.sentence(specimen) + " " + NOTICE));
        observation.addNote(new Annotation().setText(NOTICE));
        specimen.reasons().forEach(reason -> observation.addNote(new Annotation().setText(reason)));
        String model = verdict.modelVersion();
        if (model != null) {
            observation.setDevice(new Reference().setDisplay(model));
        }
        VerdictJson.Fraction fraction = specimen.blastFraction();
        CodeableConcept absent = absence(specimen);
        Double best = fraction == null ? null : best(fraction);
        if (absent == null && best != null) {
            observation.setValue(percent(best));
        } else {
            observation.setDataAbsentReason(absent == null ? absent("unknown", "Unknown") : absent);
        }
        share(observation, "lower", "Lower end of the interval", fraction == null ? null : fraction.lower(), absent);
        share(observation, "upper", "Upper end of the interval", fraction == null ? null : fraction.upper(), absent);
        share(observation, "apparent", "Apparent fraction", fraction == null ? null : fraction.apparent(), absent);
        share(observation, "threshold", "Threshold that the state refers to", specimen.threshold(), null);
        if (fraction != null) {
            share(observation, "level", "Level of the decision, over all looks", fraction.level(), null);
            component(observation, "basis", "Basis")
                    .setValue(own("basis", fraction.basis(), StateText.basis(fraction.basis())));
            component(observation, "denominator", "What the fraction is of")
                    .setValue(
                            own("denominator", fraction.denominator(), StateText.denominator(fraction.denominator())));
        }
        count(observation, "counted", "Cells counted", specimen.cells().counted());
        count(
                observation,
                "called-blast",
                "Cells counted that the model called blast",
                specimen.cells().calledBlast());
        count(
                observation,
                "gated",
                "Cells refused for their quality",
                specimen.cells().gated());
        count(
                observation,
                "reviewed",
                "Cells that a person labelled",
                specimen.cells().reviewed());
        return observation;
    }

    /** Labels need no correction; what the model called does. */
    private static @Nullable Double best(VerdictJson.Fraction fraction) {
        return fraction.corrected() == null && fraction.basis().equals("REVIEW")
                ? (Double) fraction.apparent()
                : fraction.corrected();
    }

    /** Why there is no figure; null where there is one to give. */
    private static @Nullable CodeableConcept absence(VerdictJson.Specimen specimen) {
        return switch (specimen.state()) {
            // More cells may come.
            case "INSUFFICIENT_CELLS" ->
                absent("temp-unknown", "Temporarily Unknown").setText("Too few cells yet");
            // It exists, and this evidence does not tell it.
            case "WITHHELD" -> absent("unknown", "Unknown").setText("Withheld: see the notes");
            default -> specimen.blastFraction() == null ? absent("temp-unknown", "Temporarily Unknown") : null;
        };
    }

    private static CodeableConcept absent(String code, String display) {
        return coded(HL7 + "data-absent-reason", code, display);
    }

    /** LOINC's share of blasts is that of the leukocytes of blood: not of lymphoid cells, and not of marrow. */
    private static CodeableConcept code(VerdictJson.Specimen specimen) {
        VerdictJson.Fraction fraction = specimen.blastFraction();
        CodeableConcept code = text("Fraction of blasts, "
                + (fraction == null ? "none yet" : StateText.denominator(fraction.denominator())));
        return specimen.specimenType().equals("PERIPHERAL_BLOOD")
                        && specimen.kind().equals("FIELD")
                        && fraction != null
                        && fraction.denominator().equals("WHITE_CELLS_FOUND")
                ? code.addCoding(new Coding(LOINC, "26446-5", "Blasts/100 leukocytes in Blood"))
                : code;
    }

    private static Specimen specimen(String patientId, VerdictJson.Specimen specimen, String id) {
        Specimen contained = new Specimen();
        contained.setId(id);
        contained.addIdentifier().setSystem(OWN_CODES + "specimen").setValue(specimen.specimenId());
        contained.setSubject(subject(patientId));
        contained.setType(
                switch (specimen.specimenType()) {
                    case "BONE_MARROW" -> coded(SNOMED, "119359002", "Bone marrow specimen");
                    case "PERIPHERAL_BLOOD" -> coded(SNOMED, "122551003", "Peripheral blood specimen");
                    default -> text(specimen.specimenType());
                });
        return contained;
    }

    private static CodeableConcept state(String state) {
        return own("state", state, StateText.of(state));
    }

    private static Reference subject(String patientId) {
        return new Reference("Patient/" + patientId)
                .setIdentifier(new Identifier().setSystem(OWN_CODES + "patient").setValue(patientId));
    }

    private static void share(
            Observation observation,
            String code,
            String words,
            @Nullable Double proportion,
            @Nullable CodeableConcept absent) {
        var component = component(observation, code, words);
        if (absent != null) {
            component.setDataAbsentReason(absent);
        } else if (proportion == null) {
            component.setDataAbsentReason(absent("unknown", "Unknown"));
        } else {
            component.setValue(percent(proportion));
        }
    }

    private static void count(Observation observation, String code, String words, int count) {
        component(observation, code, words).setValue(new IntegerType(count));
    }

    private static Observation.ObservationComponentComponent component(
            Observation observation, String code, String words) {
        return observation.addComponent().setCode(own("figure", code, words));
    }

    private static Quantity percent(double proportion) {
        return new Quantity()
                .setValue(BigDecimal.valueOf(proportion).movePointRight(2).setScale(2, RoundingMode.HALF_UP))
                .setUnit("%")
                .setSystem(UCUM)
                .setCode("%");
    }

    private static CodeableConcept own(String system, String code, String words) {
        return new CodeableConcept()
                .addCoding(new Coding(OWN_CODES + system, code, words))
                .setText(words);
    }

    private static CodeableConcept coded(String system, String code, String display) {
        return new CodeableConcept().addCoding(new Coding(system, code, display));
    }

    private static CodeableConcept text(String text) {
        return new CodeableConcept().setText(text);
    }
}
