package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.Access.Operation;
import io.leukostream.ingest.domain.Erasure;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Request;
import io.leukostream.ingest.domain.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Forgets who stands behind a patient's codes: identifiers, specimens, external ids, acceptance marks, merges. What stays
 * is each code without anything beside it, and the log of accesses.
 */
public final class Erasures {
    private static final Logger LOG = Logger.getLogger(Erasures.class);

    private final VaultDatabase database;

    public Erasures(VaultDatabase database) {
        this.database = database;
    }

    /**
     * Erases a patient with everybody who was merged with it: they were said to be one person.
     *
     * @throws UnavailableException if the database cannot be used; nothing was erased then
     */
    public Erasure erase(Request request, String actor, Instant now) {
        Erasure erasure = database.alone(connection -> {
            Optional<Patient> patient = Patient.byName(connection, request.patient());
            Erasure outcome = erased(connection, request, patient, now);
            String said = switch (outcome) {
                case Erasure.Done _ -> AccessLog.Outcome.DONE;
                case Erasure.Refused refused -> refused.problem().code().name();
            };
            boolean tells =
                    outcome instanceof Erasure.Refused(Problem problem) && problem.code() == ProblemCode.INVALID_FIELD;
            AccessLog.add(
                    connection,
                    now,
                    actor,
                    tells ? null : request.grounds().by(),
                    Operation.ERASE,
                    said,
                    patient.map(Patient::currentCode).orElse(null),
                    null,
                    tells ? null : request.grounds().reason());
            return outcome;
        });
        return erasure instanceof Erasure.Done done
                ? new Erasure.Done(done.codes(), done.specimens(), done.erasedAt(), cleaned())
                : erasure;
    }

    private static Erasure erased(Connection connection, Request request, Optional<Patient> patient, Instant now)
            throws SQLException {
        Problem problem = Patient.problem(patient, "patient");
        if (problem != null) {
            return new Erasure.Refused(problem);
        }
        String current = patient.orElseThrow().currentCode();
        Problem telling = Merges.told(request.grounds().fieldThatTells(Patient.identifiers(connection, current)));
        if (telling != null) {
            return new Erasure.Refused(telling);
        }
        List<Patient> group = Patient.group(connection, current);
        int specimens = 0;
        for (Patient each : group) {
            for (String table : List.of("accepted_image", "specimen_move")) {
                VaultDatabase.update(
                        connection,
                        "delete from " + table
                                + " where specimen_code in (select code from specimen where patient_code = ?)",
                        each.code());
            }
            specimens += VaultDatabase.update(connection, "delete from specimen where patient_code = ?", each.code());
        }
        for (Patient each : group) {
            VaultDatabase.update(
                    connection,
                    "delete from specimen_move where merge_id in"
                            + " (select id from patient_merge where from_code = ? or into_code = ?)",
                    each.code(),
                    each.code());
            VaultDatabase.update(
                    connection,
                    "delete from patient_merge where from_code = ? or into_code = ?",
                    each.code(),
                    each.code());
            VaultDatabase.update(
                    connection,
                    "update patient set identifier = null, erased_at = ?, merged_into = null, current_code = code"
                            + " where code = ?",
                    now,
                    each.code());
        }
        VaultDatabase.compactionIsDue(connection);
        return new Erasure.Done(
                group.stream().map(each -> new PatientId(each.code())).toList(), specimens, now, false);
    }

    /** The rows are gone; where the files cannot be rewritten now, the next start does it. */
    private boolean cleaned() {
        try {
            database.compact();
            return true;
        } catch (UnavailableException e) {
            LOG.warnf(
                    "after an erasure the vault's files were not rewritten; the next start does it: %s",
                    e.getMessage());
            return false;
        }
    }
}
