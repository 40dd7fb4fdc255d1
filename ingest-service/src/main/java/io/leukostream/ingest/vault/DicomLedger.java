package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.DicomPlace;
import io.leukostream.ingest.domain.DicomRefusal;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.UnavailableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far each Orthanc has been followed, by which instance of ingest, and what of it was refused. What is
 * repeated changes nothing.
 *
 * <p>Each method throws {@link UnavailableException} if the database cannot be used.
 */
public final class DicomLedger {
    private static final int DETAIL_LENGTH = 512;

    private final VaultDatabase database;

    /** A ledger in the vault's database. */
    public DicomLedger(VaultDatabase database) {
        this.database = database;
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
                        until,
                        source,
                        holder,
                        now)
                == 1;
    }

    /** Gives the right back, so that another instance need not wait until it ends. */
    public void release(String source, String holder) {
        update("update dicom_source set holder = null where name = ? and holder = ?", source, holder);
    }

    /** How far the source has been followed. */
    public DicomPlace place(String source) {
        return database.read(connection -> VaultDatabase.first(
                        connection,
                        row -> new DicomPlace(row.getLong(1), marks(row.getString(2))),
                        "select place, marks from dicom_source where name = ?",
                        source)
                .orElse(DicomPlace.START));
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
        database.alone(connection -> {
            VaultDatabase.update(
                    connection, "delete from dicom_refusal where source = ? and instance = ?", source, instance);
            for (DicomRefusal refusal : refusals) {
                Problem problem = refusal.problem();
                String detail = problem.detail();
                VaultDatabase.update(
                        connection,
                        "insert into dicom_refusal (source, instance, frame, code, detail, field, refused_at, again)"
                                + " values (?, ?, ?, ?, ?, ?, ?, false)",
                        source,
                        instance,
                        refusal.frame(),
                        problem.code().name(),
                        detail.substring(0, Math.min(DETAIL_LENGTH, detail.length())),
                        problem.field(),
                        refusal.refusedAt());
            }
            return refusals.size();
        });
    }

    /** Refusals of all sources, oldest first. */
    public List<DicomRefusal> refusals(long afterId, int most) {
        return database.read(connection -> VaultDatabase.list(
                connection,
                row -> new DicomRefusal(
                        row.getLong(1),
                        row.getString(2),
                        row.getInt(3),
                        new Problem(ProblemCode.valueOf(row.getString(4)), row.getString(5), row.getString(6)),
                        VaultDatabase.instant(row, 7)),
                "select id, instance, frame, code, detail, field, refused_at from dicom_refusal"
                        + " where id > ? order by id fetch first " + most + " rows only",
                afterId));
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
        return database.read(connection -> VaultDatabase.list(
                connection,
                row -> row.getString(1),
                "select distinct instance from dicom_refusal where source = ? and again = true"
                        + " order by instance fetch first " + most + " rows only",
                source));
    }

    private static List<DicomPlace.Mark> marks(String text) {
        List<DicomPlace.Mark> marks = new ArrayList<>();
        for (String mark : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
            int colon = mark.indexOf(':');
            marks.add(new DicomPlace.Mark(Long.parseLong(mark.substring(0, colon)), mark.substring(colon + 1)));
        }
        return marks;
    }

    /** Rows that it changed; none where a row to be inserted is there already. */
    private int update(String sql, @Nullable Object... values) {
        return database.read(connection -> {
            try {
                return VaultDatabase.update(connection, sql, values);
            } catch (SQLException e) {
                if (VaultDatabase.isUniqueViolation(e)) {
                    return 0;
                }
                throw e;
            }
        });
    }
}
