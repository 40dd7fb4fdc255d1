package io.leukostream.ingest.domain;

import java.util.List;

/** What the vault answers to a {@link Question}. */
public sealed interface Disclosure {
    /**
     * Who it is; the text form says nothing of it.
     *
     * @param patientId the code that the patient has now
     * @param patients every identifier that the patient was submitted by, with the code that it was given
     * @param specimens those of the patient, or the one that was asked for
     */
    record Answered(PatientId patientId, List<Patient> patients, List<OfSpecimen> specimens) implements Disclosure {
        public Answered {
            patients = List.copyOf(patients);
            specimens = List.copyOf(specimens);
        }

        @Override
        public String toString() {
            return "Answered[" + patientId + "]";
        }
    }

    /** A patient's code and identifier. */
    record Patient(PatientId patientId, String patient) {
        @Override
        public String toString() {
            return "Patient[" + patientId + "]";
        }
    }

    /**
     * A specimen's code and identifier.
     *
     * @param externalIds the senders' own names of its images, sorted
     */
    record OfSpecimen(SpecimenId specimenId, String specimen, List<String> externalIds) {
        public OfSpecimen {
            externalIds = List.copyOf(externalIds);
        }

        @Override
        public String toString() {
            return "OfSpecimen[" + specimenId + "]";
        }
    }

    /** Nothing is answered. */
    record Refused(Problem problem) implements Disclosure {}
}
