package io.leukostream.results.topology;

import io.leukostream.events.AlertEvent;
import io.leukostream.events.PatientAudit;
import io.leukostream.events.PatientVerdict;

/** What follows from something that happened to a patient, by the topic that it goes to. */
sealed interface PatientOutput {
    record Verdict(PatientVerdict record) implements PatientOutput {}

    record AlertStep(AlertEvent record) implements PatientOutput {}

    record Audit(PatientAudit record) implements PatientOutput {}
}
