package io.leukostream.results.topology;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.leukostream.results.domain.DeliveryAttempt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a patient's verdict, alerts and audit follow from; travels re-keyed to the patient. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "input")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PatientInput.Assessed.class, name = "assessed"),
    @JsonSubTypes.Type(value = PatientInput.Moved.class, name = "moved"),
    @JsonSubTypes.Type(value = PatientInput.Reviewed.class, name = "reviewed"),
    @JsonSubTypes.Type(value = PatientInput.Acknowledged.class, name = "acknowledged"),
    @JsonSubTypes.Type(value = PatientInput.Closed.class, name = "closed"),
    @JsonSubTypes.Type(value = PatientInput.Delivered.class, name = "delivered")
})
sealed interface PatientInput {
    /** A specimen of this patient was assessed. */
    record Assessed(SpecimenAssessment assessment) implements PatientInput {}

    /**
     * A specimen is not this patient's, perhaps no longer.
     *
     * @param to whose it is; null in what an older version wrote
     * @param by who moved it; null where that is not known
     */
    record Moved(
            String specimenId,
            @Nullable String to,
            @Nullable String by) implements PatientInput {}

    /** A reviewer did something that belongs into the audit. */
    record Reviewed(
            String eventId,
            String specimenId,
            String event,
            @Nullable String frameId,
            @Nullable String cellId,
            @Nullable String oldLabel,
            @Nullable String newLabel,
            String reviewer,
            Instant at)
            implements PatientInput {}

    /** A person read an alert back. */
    record Acknowledged(String alertId, String by, String readBackPatientId, String readBackState, Instant at)
            implements PatientInput {}

    /** A person closed an alert. */
    record Closed(String alertId, String by, String note, Instant at) implements PatientInput {}

    /** A channel tried to deliver a step of an alert. */
    record Delivered(String alertId, DeliveryAttempt attempt) implements PatientInput {}
}
