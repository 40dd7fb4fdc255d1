package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;

/**
 * The verdict on one patient on paper: one A4 page where there is one specimen.
 *
 * @param patient what the patient's page says
 * @param printed when this was written
 */
public record ReportPage(PatientPage patient, Moment printed) implements TemplateInstance {}
