package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.Access.Operation;
import io.leukostream.ingest.domain.Assignment;
import io.leukostream.ingest.domain.Grounds;
import io.leukostream.ingest.domain.Merge;
import io.leukostream.ingest.domain.MergeOutcome;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Request;
import io.leukostream.ingest.domain.SpecimenId;
import io.leukostream.ingest.domain.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges of two codes of one patient, and taking them back. A specimen stays with the code whose identifier it came by;
 * what it is published under is the code at the end of that one's merges. So a merge is one edge between two codes, what
 * comes later by the old identifier follows it, and without the edge everything is where it was.
 *
 * <p>A change commits with a higher version of each specimen that it moves, which is then to be published; see
 * {@link #unpublished}. Each method throws {@link UnavailableException} if the database cannot be used.
 */
public final class Merges {
    private final VaultDatabase database;

    private enum Kind {
        MERGE,
        UNMERGE
    }

    private record Change(PatientId from, PatientId into, Kind kind, Grounds grounds, Instant at) {}

    public Merges(VaultDatabase database) {
        this.database = database;
    }

    /** Merges, unless it is so already. */
    public MergeOutcome merge(Merge merge, String actor, Instant now) {
        return database.alone(connection -> {
            Optional<Patient> from = Patient.byName(connection, merge.from());
            Optional<Patient> into = Patient.byName(connection, merge.into());
            MergeOutcome outcome = merged(connection, merge.grounds(), from, into, now);
            log(connection, Operation.MERGE, outcome, merge.grounds(), from, into, actor, now);
            return outcome;
        });
    }

    private static MergeOutcome merged(
            Connection connection, Grounds grounds, Optional<Patient> from, Optional<Patient> into, Instant now)
            throws SQLException {
        Problem problem = Patient.problem(from, "from");
        problem = problem == null ? Patient.problem(into, "into") : problem;
        if (problem != null) {
            return new MergeOutcome.Refused(problem);
        }
        Patient source = from.orElseThrow();
        Patient target = into.orElseThrow();
        problem = telling(connection, grounds, source.currentCode(), target.currentCode());
        if (problem != null) {
            return new MergeOutcome.Refused(problem);
        }
        if (source.code().equals(target.code())) {
            return refused(ProblemCode.MERGE_WITH_ITSELF, "A patient cannot be merged with itself.", "into");
        }
        if (source.mergedInto() != null) {
            return target.currentCode().equals(source.currentCode())
                    ? new MergeOutcome.Done(
                            new PatientId(source.code()), source.current(), movedWith(connection, source), true)
                    : refused(
                            ProblemCode.ALREADY_MERGED,
                            "The patient is merged into " + source.mergedInto() + "; take that back first.",
                            "from");
        }
        if (target.currentCode().equals(source.code())) {
            return refused(
                    ProblemCode.MERGE_CIRCLE,
                    "The patient to merge into is merged into " + source.code() + " already.",
                    "into");
        }
        VaultDatabase.update(
                connection, "update patient set merged_into = ? where code = ?", target.code(), source.code());
        List<SpecimenId> moved = move(
                connection,
                Patient.group(connection, source.code()),
                new Change(new PatientId(source.code()), target.current(), Kind.MERGE, grounds, now));
        return new MergeOutcome.Done(new PatientId(source.code()), target.current(), moved, false);
    }

    /** Takes a patient's merge into another one back, unless it was taken back already. */
    public MergeOutcome unmerge(Request request, String actor, Instant now) {
        return database.alone(connection -> {
            Optional<Patient> from = Patient.byName(connection, request.patient());
            MergeOutcome outcome = unmerged(connection, request.grounds(), from, now);
            log(connection, Operation.UNMERGE, outcome, request.grounds(), from, Optional.empty(), actor, now);
            return outcome;
        });
    }

    private static MergeOutcome unmerged(Connection connection, Grounds grounds, Optional<Patient> from, Instant now)
            throws SQLException {
        Problem problem = Patient.problem(from, "from");
        if (problem != null) {
            return new MergeOutcome.Refused(problem);
        }
        Patient source = from.orElseThrow();
        problem = telling(connection, grounds, source.currentCode(), source.code());
        if (problem != null) {
            return new MergeOutcome.Refused(problem);
        }
        if (source.mergedInto() == null) {
            Optional<String> last = VaultDatabase.first(
                    connection,
                    row -> row.getString(1),
                    "select kind from patient_merge where from_code = ? order by id desc limit 1",
                    source.code());
            return last.isPresent()
                    ? new MergeOutcome.Done(
                            new PatientId(source.code()), source.current(), movedWith(connection, source), true)
                    : refused(ProblemCode.NOT_MERGED, "The patient is merged into nobody.", "from");
        }
        List<Patient> group = Patient.group(connection, source.currentCode());
        VaultDatabase.update(connection, "update patient set merged_into = null where code = ?", source.code());
        List<SpecimenId> moved = move(
                connection,
                behind(source, group),
                new Change(source.current(), new PatientId(source.code()), Kind.UNMERGE, grounds, now));
        return new MergeOutcome.Done(new PatientId(source.code()), new PatientId(source.code()), moved, false);
    }

    /** A patient and those who are merged into it, by whatever way. */
    private static List<Patient> behind(Patient patient, List<Patient> group) {
        Set<String> codes = new HashSet<>(Set.of(patient.code()));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Patient other : group) {
                if (other.mergedInto() != null && codes.contains(other.mergedInto())) {
                    grew |= codes.add(other.code());
                }
            }
        }
        return group.stream().filter(each -> codes.contains(each.code())).toList();
    }

    /** Gives the specimens of some codes another current code, each with a higher version. */
    private static List<SpecimenId> move(Connection connection, List<Patient> patients, Change change)
            throws SQLException {
        long mergeId = inserted(connection, change);
        List<SpecimenId> moved = new ArrayList<>();
        for (Patient patient : patients) {
            VaultDatabase.update(
                    connection,
                    "update patient set current_code = ? where code = ?",
                    change.into().value(),
                    patient.code());
            for (SpecimenId specimenId : specimensBy(connection, patient.code())) {
                VaultDatabase.update(
                        connection, "update specimen set version = version + 1 where code = ?", specimenId.value());
                VaultDatabase.update(
                        connection,
                        "insert into specimen_move (specimen_code, version, from_code, to_code, merge_id)"
                                + " select code, version, ?, ?, ? from specimen where code = ?",
                        patient.currentCode(),
                        change.into().value(),
                        mergeId,
                        specimenId.value());
                moved.add(specimenId);
            }
        }
        return moved;
    }

    private static long inserted(Connection connection, Change change) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into patient_merge (kind, from_code, into_code, done_by, done_at) values (?, ?, ?, ?, ?)",
                Statement.RETURN_GENERATED_KEYS)) {
            VaultDatabase.fill(
                    insert,
                    change.kind().name(),
                    change.kind() == Kind.MERGE
                            ? change.from().value()
                            : change.into().value(),
                    change.kind() == Kind.MERGE
                            ? change.into().value()
                            : change.from().value(),
                    change.grounds().by(),
                    change.at());
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                if (!keys.next()) {
                    throw new SQLException("the database gave a merge no number");
                }
                return keys.getLong(1);
            }
        }
    }

    private static List<SpecimenId> specimensBy(Connection connection, String code) throws SQLException {
        return VaultDatabase.list(
                connection,
                row -> new SpecimenId(row.getString(1)),
                "select code from specimen where patient_code = ? order by code",
                code);
    }

    private static List<SpecimenId> movedWith(Connection connection, Patient patient) throws SQLException {
        List<SpecimenId> specimens = new ArrayList<>();
        for (Patient each : behind(patient, Patient.group(connection, patient.currentCode()))) {
            specimens.addAll(specimensBy(connection, each.code()));
        }
        return specimens;
    }

    private static @Nullable Problem telling(Connection connection, Grounds grounds, String one, String other)
            throws SQLException {
        List<String> identifiers = new ArrayList<>(Patient.identifiers(connection, one));
        identifiers.addAll(Patient.identifiers(connection, other));
        return told(grounds.fieldThatTells(identifiers));
    }

    /** The problem with a field that holds an identifier; null where none does. */
    static @Nullable Problem told(@Nullable String field) {
        return field == null
                ? null
                : new Problem(
                        ProblemCode.INVALID_FIELD,
                        "The field " + field + " must not hold an identifier of the patient or of a specimen.",
                        field);
    }

    private static MergeOutcome refused(ProblemCode code, String detail, String field) {
        return new MergeOutcome.Refused(new Problem(code, detail, field));
    }

    private static void log(
            Connection connection,
            Operation operation,
            MergeOutcome outcome,
            Grounds grounds,
            Optional<Patient> from,
            Optional<Patient> into,
            String actor,
            Instant now)
            throws SQLException {
        String said = switch (outcome) {
            case MergeOutcome.Done done -> done.repeated() ? AccessLog.Outcome.REPEATED : AccessLog.Outcome.DONE;
            case MergeOutcome.Refused refused -> refused.problem().code().name();
        };
        boolean tells =
                outcome instanceof MergeOutcome.Refused(Problem problem) && problem.code() == ProblemCode.INVALID_FIELD;
        String code = from.map(Patient::code).orElse(null);
        String other = into.map(Patient::code).orElse(null);
        if (tells) {
            AccessLog.add(connection, now, actor, null, operation, said, code, other, null);
        } else {
            AccessLog.add(connection, now, actor, grounds, operation, said, code, other);
        }
    }

    /**
     * The specimens whose newest version the event log is not known to hold, and those that were moved since a time: a
     * process that died may have written an old version after the newest.
     */
    public List<SpecimenId> unpublished(Instant movedSince) {
        return database.read(connection -> VaultDatabase.list(
                connection,
                row -> new SpecimenId(row.getString(1)),
                "select code from specimen where published_version < version or code in"
                        + " (select m.specimen_code from specimen_move m join patient_merge p on p.id = m.merge_id"
                        + " where p.done_at >= ?) order by code",
                movedSince));
    }

    /** A specimen as it is to be published; empty if it was erased. */
    public Optional<Assignment> assignment(SpecimenId specimenId) {
        return database.read(connection -> {
            var specimen = Vault.byCode(connection, specimenId);
            if (specimen.isEmpty()) {
                return Optional.empty();
            }
            List<PatientId> former = VaultDatabase.list(
                    connection,
                    row -> new PatientId(row.getString(1)),
                    "select distinct from_code from specimen_move where specimen_code = ? and from_code <> ?"
                            + " order by from_code",
                    specimenId.value(),
                    specimen.get().patientId().value());
            Optional<String> by = VaultDatabase.first(
                    connection,
                    row -> row.getString(1),
                    "select p.done_by from specimen_move m join patient_merge p on p.id = m.merge_id"
                            + " where m.specimen_code = ? order by m.version desc limit 1",
                    specimenId.value());
            return Optional.of(new Assignment(specimen.get(), former, by.orElse(null)));
        });
    }
}
