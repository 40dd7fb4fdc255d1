package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.DicomPlace;
import io.leukostream.ingest.domain.DicomRefusal;
import io.leukostream.ingest.domain.Problem;
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
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How far each Orthanc has been followed, by which instance of ingest, and what of it was refused. What is
 * repeated changes nothing.
 *
 * <p>Each method throws {@link UnavailableException} if the database cannot be used.
 */
public final class DicomLedger {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final int DETAIL_LENGTH = 512;

    private final DataSource dataSource;

    private interface Statement<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * A ledger.
     *
     * @param dataSource connections in auto-commit mode to a migrated database; stays the caller's
     */
    public DicomLedger(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Takes or keeps the right to follow a source, unless another instance has it.
     *
     * @return whether the holder has it now, until the end
     */
    public boolean hold(String source, String holder, Instant now, Instant until) {
        if (take(source, holder, now, until)) {
            return true;
        }
        update(
                "insert into dicom_source (name, place, marks) select ?, 0, '' where not exists"
                        + " (select 1 from dicom_source where name = ?)",
                source,
                source);
        return take(source, holder, now, until);
    }

    private boolean take(String source, String holder, Instant now, Instant until) {
        return update(
                        "update dicom_source set holder = ?, held_until = ?"
                                + " where name = ? and (holder is null or holder = ? or held_until < ?)",
                        holder,
                        time(until),
                        source,
                        holder,
                        time(now))
                == 1;
    }

    /** Gives the right back, so that another instance need not wait until it ends. */
    public void release(String source, String holder) {
        update("update dicom_source set holder = null where name = ? and holder = ?", source, holder);
    }

    /** How far the source has been followed. */
    public DicomPlace place(String source) {
        return call(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select place, marks from dicom_source where name = ?")) {
                select.setString(1, source);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? new DicomPlace(rows.getLong(1), marks(rows.getString(2))) : DicomPlace.START;
                }
            }
        });
    }

    /**
     * Keeps how far the source has been followed.
     *
     * @return whether the holder still had the right to say so
     */
    public boolean move(String source, String holder, DicomPlace place) {
        return update(
                        "update dicom_source set place = ?, marks = ? where name = ? and holder = ?",
                        place.sequence(),
                        place.marks().stream()
                                .map(mark -> mark.sequence() + ":" + mark.fingerprint())
                                .collect(Collectors.joining(" ")),
                        source,
                        holder)
                == 1;
    }

    /** Makes these the refusals of an instance; those of an earlier look at it go. */
    public void settle(String source, String instance, List<DicomRefusal> refusals) {
        call(connection -> {
            connection.setAutoCommit(false);
            try {
                run(connection, "delete from dicom_refusal where source = ? and instance = ?", source, instance);
                for (DicomRefusal refusal : refusals) {
                    Problem problem = refusal.problem();
                    run(
                            connection,
                            "insert into dicom_refusal (source, instance, frame, code, detail, field, refused_at, again)"
                                    + " values (?, ?, ?, ?, ?, ?, ?, false)",
                            source,
                            instance,
                            refusal.frame(),
                            problem.code().name(),
                            problem.detail()
                                    .substring(
                                            0,
                                            Math.min(
                                                    DETAIL_LENGTH,
                                                    problem.detail().length())),
                            problem.field(),
                            time(refusal.refusedAt()));
                }
                connection.commit();
                return refusals.size();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    /** Refusals of all sources, oldest first. */
    public List<DicomRefusal> refusals(long afterId, int most) {
        return call(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select id, instance, frame, code, detail, field, refused_at from dicom_refusal"
                            + " where id > ? order by id fetch first " + most + " rows only")) {
                select.setLong(1, afterId);
                List<DicomRefusal> refusals = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        refusals.add(new DicomRefusal(
                                rows.getLong(1),
                                rows.getString(2),
                                rows.getInt(3),
                                new Problem(
                                        ProblemCode.valueOf(rows.getString(4)), rows.getString(5), rows.getString(6)),
                                rows.getObject(7, OffsetDateTime.class).toInstant()));
                    }
                }
                return refusals;
            }
        });
    }

    /**
     * Asks to have everything that was refused read again.
     *
     * @return how many refusals are concerned
     */
    public int askAgain() {
        return update("update dicom_refusal set again = true");
    }

    /** Instances that are to be read again. */
    public List<String> askedAgain(String source, int most) {
        return call(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select distinct instance from dicom_refusal where source = ? and again = true"
                            + " order by instance fetch first " + most + " rows only")) {
                select.setString(1, source);
                List<String> instances = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        instances.add(rows.getString(1));
                    }
                }
                return instances;
            }
        });
    }

    private static List<DicomPlace.Mark> marks(String text) {
        List<DicomPlace.Mark> marks = new ArrayList<>();
        for (String mark : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            int colon = mark.indexOf(':');
            marks.add(new DicomPlace.Mark(Long.parseLong(mark.substring(0, colon)), mark.substring(colon + 1)));
        }
        return marks;
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** Rows that it changed; none where a row to be inserted is there already. */
    private int update(String sql, @Nullable Object... values) {
        return call(connection -> {
            try {
                return run(connection, sql, values);
            } catch (SQLException e) {
                if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    return 0;
                }
                throw e;
            }
        });
    }

    private static int run(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (int k = 0; k < values.length; k++) {
                update.setObject(k + 1, values[k]);
            }
            return update.executeUpdate();
        }
    }

    private <T> T call(Statement<T> statement) {
        try (Connection connection = dataSource.getConnection()) {
            return statement.run(connection);
        } catch (SQLException e) {
            // As in Vault: the message may quote a row.
            throw new UnavailableException(
                    ProblemCode.VAULT_UNAVAILABLE,
                    "the vault's database failed with SQL state " + e.getSQLState() + ", error " + e.getErrorCode(),
                    null);
        }
    }
}
