package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.Access;
import io.leukostream.ingest.domain.Access.Operation;
import io.leukostream.ingest.domain.Grounds;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asked the vault for what. A line is committed before the answer goes out, with the change that it tells where there
 * is one; there is no statement here that changes or deletes a line, and PostgreSQL refuses any.
 */
public final class AccessLog {
    private final VaultDatabase database;

    public AccessLog(VaultDatabase database) {
        this.database = database;
    }

    /**
     * Notes that something was refused before the vault was asked.
     *
     * @param by who the caller said to be; null where nothing readable was said
     * @param outcome code of the problem
     */
    public void refused(Operation operation, String actor, @Nullable String by, String outcome, Instant now) {
        database.read(connection -> {
            add(connection, now, actor, by, operation, outcome, null, null, null);
            return true;
        });
    }

    /**
     * A part of the log, oldest first; that somebody looked is a line itself.
     *
     * @param after number of the line before the first one
     * @param most how many at most
     */
    public List<Access> list(long after, int most, String actor, Instant now) {
        return database.read(connection -> {
            add(connection, now, actor, null, Operation.LIST, Outcome.ANSWERED, null, null, null);
            return VaultDatabase.list(
                    connection,
                    row -> new Access(
                            row.getLong(1),
                            VaultDatabase.instant(row, 2),
                            row.getString(3),
                            row.getString(4),
                            Operation.valueOf(row.getString(5)),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8),
                            row.getString(9)),
                    "select id, logged_at, actor, stated_by, operation, outcome, patient_code, other_code, reason"
                            + " from access_log where id > ? order by id limit ?",
                    after,
                    most);
        });
    }

    static void add(
            Connection connection,
            Instant now,
            String actor,
            Grounds grounds,
            Operation operation,
            String outcome,
            @Nullable String code,
            @Nullable String otherCode)
            throws SQLException {
        add(connection, now, actor, grounds.by(), operation, outcome, code, otherCode, grounds.reason());
    }

    static void add(
            Connection connection,
            Instant now,
            String actor,
            @Nullable String by,
            Operation operation,
            String outcome,
            @Nullable String code,
            @Nullable String otherCode,
            @Nullable String reason)
            throws SQLException {
        VaultDatabase.update(
                connection,
                "insert into access_log (logged_at, actor, stated_by, operation, outcome, patient_code, other_code,"
                        + " reason) values (?, ?, ?, ?, ?, ?, ?, ?)",
                now,
                actor,
                by,
                operation.name(),
                outcome,
                code,
                otherCode,
                reason);
    }

    /** What a line says of a request that was no problem. */
    static final class Outcome {
        static final String ANSWERED = "ANSWERED";
        static final String DONE = "DONE";
        static final String REPEATED = "REPEATED";

        private Outcome() {}
    }
}
