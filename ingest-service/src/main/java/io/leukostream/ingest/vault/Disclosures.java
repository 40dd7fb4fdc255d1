package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.Access.Operation;
import io.leukostream.ingest.domain.Disclosure;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Question;
import io.leukostream.ingest.domain.SpecimenId;
import io.leukostream.ingest.domain.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers who stands behind a code, and which code stands for somebody. Each answer is in the log of accesses before it
 * is given; throws {@link UnavailableException} if the database cannot be used.
 */
public final class Disclosures {
    private final VaultDatabase database;

    public Disclosures(VaultDatabase database) {
        this.database = database;
    }

    /**
     * The code that a patient has after all merges, if there is one; creates none.
     *
     * @param actor who asked
     */
    public Optional<PatientId> resolve(String patientIdentifier, String actor, Instant now) {
        return database.read(connection -> {
            Optional<PatientId> patientId =
                    Patient.byIdentifier(connection, patientIdentifier).map(Patient::current);
            AccessLog.add(
                    connection,
                    now,
                    actor,
                    null,
                    Operation.RESOLVE,
                    patientId.isPresent() ? AccessLog.Outcome.ANSWERED : ProblemCode.PATIENT_UNKNOWN.name(),
                    patientId.map(PatientId::value).orElse(null),
                    null,
                    null);
            return patientId;
        });
    }

    /**
     * The identifiers behind a code. Whether the caller may ask is the caller's to know.
     *
     * @param actor who asked
     */
    public Disclosure identify(Question question, String actor, Instant now) {
        return database.read(connection -> {
            SpecimenId specimenId = question.specimenId();
            Optional<Patient> patient = Patient.byName(connection, code(connection, question));
            Disclosure disclosure = answer(connection, question, patient);
            String outcome = switch (disclosure) {
                case Disclosure.Answered _ -> AccessLog.Outcome.ANSWERED;
                case Disclosure.Refused refused -> refused.problem().code().name();
            };
            boolean tells = disclosure instanceof Disclosure.Refused(Problem problem)
                    && problem.code() == ProblemCode.INVALID_FIELD;
            PatientId asked = question.patientId();
            AccessLog.add(
                    connection,
                    now,
                    actor,
                    tells ? null : question.grounds().by(),
                    Operation.IDENTIFY,
                    outcome,
                    asked == null ? patient.map(Patient::code).orElse(null) : asked.value(),
                    specimenId == null ? null : specimenId.value(),
                    tells ? null : question.grounds().reason());
            return disclosure;
        });
    }

    /** The patient's code that is asked for; none where the specimen is not known. */
    private static String code(Connection connection, Question question) throws SQLException {
        PatientId patientId = question.patientId();
        if (patientId != null) {
            return patientId.value();
        }
        SpecimenId specimenId = question.specimenId();
        return specimenId == null
                ? ""
                : VaultDatabase.first(
                                connection,
                                row -> row.getString(1),
                                "select patient_code from specimen where code = ?",
                                specimenId.value())
                        .orElse("");
    }

    private static Disclosure answer(Connection connection, Question question, Optional<Patient> patient)
            throws SQLException {
        if (patient.isEmpty()) {
            return new Disclosure.Refused(new Problem(
                    ProblemCode.CODE_UNKNOWN,
                    "The vault gave no such code, or forgot it with its patient.",
                    question.patientId() == null ? "specimenId" : "patientId"));
        }
        Problem problem = Patient.problem(patient, "patientId");
        if (problem != null) {
            return new Disclosure.Refused(problem);
        }
        String current = patient.get().currentCode();
        Problem telling = Merges.told(question.grounds().fieldThatTells(Patient.identifiers(connection, current)));
        if (telling != null) {
            return new Disclosure.Refused(telling);
        }
        List<Disclosure.Patient> patients = VaultDatabase.list(
                connection,
                row -> new Disclosure.Patient(new PatientId(row.getString(1)), row.getString(2)),
                "select code, identifier from patient where current_code = ? and identifier is not null order by code",
                current);
        List<Disclosure.OfSpecimen> specimens = new ArrayList<>();
        for (Disclosure.OfSpecimen each : VaultDatabase.list(
                connection,
                row -> new Disclosure.OfSpecimen(new SpecimenId(row.getString(1)), row.getString(2), List.of()),
                "select s.code, s.identifier from specimen s join patient p on p.code = s.patient_code"
                        + " where p.current_code = ? order by s.code",
                current)) {
            SpecimenId asked = question.specimenId();
            if (asked == null || asked.equals(each.specimenId())) {
                specimens.add(new Disclosure.OfSpecimen(
                        each.specimenId(),
                        each.specimen(),
                        VaultDatabase.list(
                                connection,
                                row -> row.getString(1),
                                "select distinct external_id from accepted_image"
                                        + " where specimen_code = ? and external_id is not null order by external_id",
                                each.specimenId().value())));
            }
        }
        return new Disclosure.Answered(new PatientId(current), patients, specimens);
    }
}
