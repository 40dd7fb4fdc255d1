package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The read-back of an alert. The form is not filled in beforehand: whoever acknowledges has read.
 *
 * @param alert the alert
 * @param choices the states to choose the verdict's from
 * @param error why the last attempt was refused; null on the first
 * @param acknowledgedBy the name as entered before
 * @param patientId the patient's code as entered before
 * @param state the state as chosen before
 */
public record AcknowledgePage(
        AlertCard alert,
        List<StateWords> choices,
        @Nullable String error,
        String acknowledgedBy,
        String patientId,
        String state)
        implements TemplateInstance {

    /** Takes a copy of the list. */
    public AcknowledgePage {
        choices = List.copyOf(choices);
    }
}
