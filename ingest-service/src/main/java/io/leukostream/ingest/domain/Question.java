package io.leukostream.ingest.domain;

import org.jspecify.annotations.Nullable;

/**
 * Who stands behind a code, asked by somebody. Exactly one of the codes is given.
 *
 * @param patientId null where a specimen's code was given
 * @param specimenId null where a patient's code was given
 */
public record Question(
        @Nullable PatientId patientId, @Nullable SpecimenId specimenId, Grounds grounds) {
    public Question {
        if ((patientId == null) == (specimenId == null)) {
            throw new IllegalArgumentException(
                    "one of patient and specimen is asked for, not " + patientId + " and " + specimenId);
        }
    }
}
