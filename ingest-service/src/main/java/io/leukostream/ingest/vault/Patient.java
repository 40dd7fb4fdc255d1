package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of patients.
 *
 * @param code the code that the identifier was given
 * @param currentCode the code that the patient has after all merges
 * @param mergedInto null where it is not merged
 * @param erased whether it is but a tombstone
 */
record Patient(String code, String currentCode, @Nullable String mergedInto, boolean erased) {
    private static final Pattern CODE = Pattern.compile("P-[0-9A-HJKMNP-TV-Z]{8}");
    private static final String COLUMNS =
            "select code, current_code, merged_into, case when erased_at is null then 0 else 1 end from patient ";

    PatientId current() {
        return new PatientId(currentCode);
    }

    /** The problem with a name that must lead to a patient who was not erased; null where it does. */
    static @Nullable Problem problem(Optional<Patient> patient, String field) {
        if (patient.isEmpty()) {
            return new Problem(ProblemCode.PATIENT_UNKNOWN, "No patient has this identifier or code.", field);
        }
        return patient.get().erased()
                ? new Problem(
                        ProblemCode.PATIENT_ERASED, "Nothing leads from this code to an identifier any more.", field)
                : null;
    }

    static Optional<Patient> byIdentifier(Connection connection, String identifier) throws SQLException {
        return VaultDatabase.first(connection, Patient::of, COLUMNS + "where identifier = ?", identifier);
    }

    /** By an identifier or, if it has the form of one, a code. */
    static Optional<Patient> byName(Connection connection, String name) throws SQLException {
        return CODE.matcher(name).matches()
                ? VaultDatabase.first(connection, Patient::of, COLUMNS + "where code = ?", name)
                : byIdentifier(connection, name);
    }

    /** All codes that are one patient, by code. */
    static List<Patient> group(Connection connection, String currentCode) throws SQLException {
        return VaultDatabase.list(
                connection, Patient::of, COLUMNS + "where current_code = ? order by code", currentCode);
    }

    /** All identifiers of patients with this code after merges, their specimens' too. */
    static List<String> identifiers(Connection connection, String currentCode) throws SQLException {
        List<String> identifiers = new ArrayList<>(VaultDatabase.list(
                connection,
                row -> row.getString(1),
                "select identifier from patient where current_code = ? and identifier is not null",
                currentCode));
        identifiers.addAll(VaultDatabase.list(
                connection,
                row -> row.getString(1),
                "select s.identifier from specimen s join patient p on p.code = s.patient_code"
                        + " where p.current_code = ?",
                currentCode));
        return identifiers;
    }

    private static Patient of(java.sql.ResultSet row) throws SQLException {
        return new Patient(row.getString(1), row.getString(2), row.getString(3), row.getInt(4) == 1);
    }
}
