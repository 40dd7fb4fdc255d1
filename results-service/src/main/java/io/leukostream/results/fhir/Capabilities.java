package io.leukostream.results.fhir;

import java.util.List;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.ResourceInteractionComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Enumerations;

/** What this service offers of FHIR, and nothing more. */
final class Capabilities {
    /** When what is offered last changed. */
    private static final String CHANGED = "2026-12-01";

    private static final String DEFINITIONS = "http://hl7.org/fhir/StructureDefinition/";

    private Capabilities() {}

    static CapabilityStatement statement(String base) {
        CapabilityStatement statement = new CapabilityStatement();
        statement
                .setStatus(Enumerations.PublicationStatus.ACTIVE)
                .setDateElement(new DateTimeType(CHANGED))
                .setKind(CapabilityStatement.CapabilityStatementKind.INSTANCE)
                .setFhirVersion(Enumerations.FHIRVersion._4_0_1)
                .setFormat(List.of(new CodeType("application/fhir+json")))
                .setExperimental(true);
        statement.getSoftware().setName("Leukostream");
        statement
                .getImplementation()
                .setDescription("Triage of blood cell images for blasts. Research use only; a haematologist decides.")
                .setUrl(base);
        var rest = statement.addRest();
        rest.setMode(CapabilityStatement.RestfulCapabilityMode.SERVER);
        rest.setDocumentation("Read only. Patients are known by code, and have no resource here.");
        for (String type : List.of("DiagnosticReport", "Observation")) {
            var resource = rest.addResource();
            resource.setType(type).setProfile(DEFINITIONS + type);
            resource.addInteraction(may(TypeRestfulInteraction.READ))
                    .addInteraction(may(TypeRestfulInteraction.SEARCHTYPE));
            for (String name : List.of("subject", "patient")) {
                resource.addSearchParam()
                        .setName(name)
                        .setType(Enumerations.SearchParamType.REFERENCE)
                        .setDocumentation(
                                "The patient's code, with or without Patient/ or this server's address; several"
                                        + " separated by commas. One of subject and patient must be given.");
            }
        }
        return statement;
    }

    private static ResourceInteractionComponent may(TypeRestfulInteraction interaction) {
        return new ResourceInteractionComponent().setCode(interaction);
    }
}
