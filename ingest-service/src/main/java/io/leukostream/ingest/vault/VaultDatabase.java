package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The vault's database, H2 or PostgreSQL. Reads commit by themselves; what must not happen twice, or beside something
 * else, runs in a transaction that holds the vault's one lock row, so that any number of instances may call.
 *
 * <p>What fails is thrown as {@link UnavailableException} without the database's message, which may quote an identifier.
 */
public final class VaultDatabase {
    /** Both H2's and PostgreSQL's. */
    private static final String UNIQUE_VIOLATION = "23505";
    /** For codes that are taken: 40 random bits make even one unlikely. */
    private static final int ATTEMPTS = 5;

    private static final String COMPACT = "COMPACT";

    private final DataSource dataSource;
    private final Codes codes = new Codes();
    /** H2 closes its file to rewrite it; nobody of this process may be at work then. */
    private final ReadWriteLock open = new ReentrantReadWriteLock(true);
    /** Before this process gives out a first code, older identifiers are written as they are looked for. */
    private volatile boolean areIdentifiersRewritten;

    /** Some statements on a connection. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** What a row of a result becomes. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * A database that is migrated.
     *
     * @param dataSource connections in auto-commit mode, each checked before it is lent; stays the caller's
     */
    public VaultDatabase(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Does what an erasure left undone when the process died, and writes identifiers as they are kept today, where an older
     * version kept them otherwise; cheap where there is nothing.
     */
    public void tidy() {
        alone(connection -> {
            OlderIdentifiers.rewrite(connection);
            return Boolean.TRUE;
        });
        if (read(connection -> isCompactionDue(connection))) {
            compact();
        }
    }

    /** Runs statements that each commit by themselves. */
    <T> T read(Work<T> work) {
        Lock lock = open.readLock();
        lock.lock();
        try (Connection connection = dataSource.getConnection()) {
            return work.run(connection);
        } catch (SQLException e) {
            throw unavailable(e);
        } finally {
            lock.unlock();
        }
    }

    /** Runs statements in one transaction that has the vault for itself, again with other codes where one was taken. */
    <T> T alone(Work<T> work) {
        Lock lock = open.readLock();
        lock.lock();
        try (Connection connection = dataSource.getConnection()) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<T> result = attempt(connection, work);
                if (result.isPresent()) {
                    return result.get();
                }
            }
        } catch (SQLException e) {
            throw unavailable(e);
        } finally {
            lock.unlock();
        }
        throw new UnavailableException(
                ProblemCode.VAULT_UNAVAILABLE, "no free code was found in " + ATTEMPTS + " attempts", null);
    }

    private <T> Optional<T> attempt(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            list(connection, row -> row.getInt(1), "select id from vault_lock where id = 1 for update");
            if (!areIdentifiersRewritten) {
                OlderIdentifiers.rewrite(connection);
            }
            T result = work.run(connection);
            connection.commit();
            areIdentifiersRewritten = true;
            return Optional.of(result);
        } catch (SQLException e) {
            rollBack(connection, e);
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        } catch (RuntimeException | Error e) {
            rollBack(connection, e);
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Asks that the files be rewritten; part of the transaction that erases. */
    static void compactionIsDue(Connection connection) throws SQLException {
        if (!isCompactionDue(connection)) {
            update(connection, "insert into chore (name) values (?)", COMPACT);
        }
    }

    private static boolean isCompactionDue(Connection connection) throws SQLException {
        return !list(connection, row -> row.getString(1), "select name from chore where name = ?", COMPACT)
                .isEmpty();
    }

    /**
     * Rewrites the database's files, so that they hold nothing of deleted rows: H2's file as a whole, on PostgreSQL the
     * tables that had identifiers.
     */
    void compact() {
        Lock lock = open.writeLock();
        lock.lock();
        try {
            try (Connection connection = dataSource.getConnection();
                    var statement = connection.createStatement()) {
                if (connection.getMetaData().getDatabaseProductName().equals("H2")) {
                    // Closes the database; the next connection opens it.
                    statement.execute("shutdown compact");
                } else {
                    statement.execute("vacuum full patient");
                    statement.execute("vacuum full specimen");
                    statement.execute("vacuum full accepted_image");
                }
            }
            try (Connection connection = dataSource.getConnection()) {
                update(connection, "delete from chore where name = ?", COMPACT);
            }
        } catch (SQLException e) {
            throw unavailable(e);
        } finally {
            lock.unlock();
        }
    }

    String newCode(String prefix) {
        return codes.next(prefix);
    }

    static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            fill(update, values);
            return update.executeUpdate();
        }
    }

    static <T> List<T> list(Connection connection, Row<T> row, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            fill(select, values);
            List<T> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(row.read(rows));
                }
            }
            return found;
        }
    }

    static <T> Optional<T> first(Connection connection, Row<T> row, String sql, @Nullable Object... values)
            throws SQLException {
        return list(connection, row, sql, values).stream().findFirst();
    }

    static boolean isUniqueViolation(SQLException e) {
        return UNIQUE_VIOLATION.equals(e.getSQLState());
    }

    static void fill(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int k = 0; k < values.length; k++) {
            Object value = values[k];
            statement.setObject(k + 1, value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
        }
    }

    static Instant instant(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static UnavailableException unavailable(SQLException e) {
        // The message may quote an identifier; see the package.
        return new UnavailableException(
                ProblemCode.VAULT_UNAVAILABLE,
                "the vault's database failed with SQL state " + e.getSQLState() + ", error " + e.getErrorCode(),
                null);
    }
}
