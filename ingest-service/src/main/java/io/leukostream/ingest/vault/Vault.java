package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.ImageId;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Priority;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.ReceivedImage;
import io.leukostream.ingest.domain.Registrant;
import io.leukostream.ingest.domain.Registration;
import io.leukostream.ingest.domain.Specimen;
import io.leukostream.ingest.domain.SpecimenId;
import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.domain.SpecimenType;
import io.leukostream.ingest.domain.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Codes for identifiers, and acceptance marks. Every statement commits by itself and uniqueness is the database's, so
 * any number of threads and instances may call at once: who comes second finds what the first has written.
 *
 * <p>Each method throws {@link UnavailableException} if the database cannot be used.
 */
public final class Vault {
    /** Both H2's and PostgreSQL's. */
    private static final String UNIQUE_VIOLATION = "23505";
    /** One for losing a race, the rest for codes that are taken: 40 random bits make even one unlikely. */
    private static final int ATTEMPTS = 5;

    private final DataSource dataSource;
    private final Codes codes = new Codes();

    private record Row(Specimen specimen, String patientIdentifier, int publishedVersion) {}

    private interface Statement<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * A vault.
     *
     * @param dataSource connections in auto-commit mode to a migrated database; stays the caller's
     */
    public Vault(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Registers a specimen with its patient, or finds both. */
    public Registration register(Registrant registrant, Instant now) {
        Optional<Row> known = specimen(registrant.specimen());
        if (known.isPresent()) {
            return registration(registrant, known.get());
        }
        PatientId patientId = patient(registrant.patient(), now);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            insertSpecimen(registrant, patientId, now);
            known = specimen(registrant.specimen());
            if (known.isPresent()) {
                return registration(registrant, known.get());
            }
        }
        throw noCode();
    }

    /** Notes that the event log holds this version of the specimen. */
    public void markPublished(Specimen specimen) {
        call(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update specimen set published_version = ? where code = ? and published_version < ?")) {
                update.setInt(1, specimen.version());
                update.setString(2, specimen.specimenId().value());
                update.setInt(3, specimen.version());
                return update.executeUpdate();
            }
        });
    }

    /** The lanes by which an image was accepted, and when. */
    public Map<Priority, Instant> acceptances(ImageId imageId) {
        return call(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select lane, received_at from accepted_image where image_id = ?")) {
                select.setString(1, imageId.value());
                Map<Priority, Instant> lanes = new EnumMap<>(Priority.class);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        lanes.put(Priority.valueOf(rows.getString(1)), instant(rows, 2));
                    }
                }
                return lanes;
            }
        });
    }

    /** Marks an image as accepted by its lane; harmless when it is marked already. */
    public void markAccepted(ReceivedImage image) {
        insert(
                "insert into accepted_image (image_id, lane, specimen_code, attempt, external_id, received_at)"
                        + " values (?, ?, ?, ?, ?, ?)",
                image.imageId().value(),
                image.submission().priority().name(),
                image.specimen().specimenId().value(),
                image.attempt(),
                image.submission().externalId(),
                image.receivedAt().atOffset(ZoneOffset.UTC));
    }

    /**
     * The code of a patient, if there is one. That someone asked is kept.
     *
     * @param actor who asked
     */
    public Optional<PatientId> resolve(String patientIdentifier, String actor, Instant now) {
        Optional<PatientId> patientId = patient(patientIdentifier);
        patientId.ifPresent(id -> insert(
                "insert into resolution (patient_code, actor, resolved_at) values (?, ?, ?)",
                id.value(),
                actor,
                now.atOffset(ZoneOffset.UTC)));
        return patientId;
    }

    /** Returns if the database answers. */
    public void check() {
        patient("");
    }

    private static Registration registration(Registrant registrant, Row row) {
        Specimen specimen = row.specimen();
        if (!row.patientIdentifier().equals(registrant.patient())) {
            return conflict(
                    ProblemCode.SPECIMEN_BELONGS_TO_OTHER_PATIENT,
                    "This specimen is registered for another patient than the one stated.",
                    "specimen");
        }
        if (specimen.type() != registrant.type()) {
            return conflict(
                    ProblemCode.SPECIMEN_TYPE_MISMATCH,
                    "This specimen is registered as " + specimen.type() + ", not as " + registrant.type() + ".",
                    "specimenType");
        }
        if (specimen.kind() != registrant.kind()) {
            return conflict(
                    ProblemCode.SPECIMEN_KIND_MISMATCH,
                    "This specimen is registered with images of kind " + specimen.kind() + ", not " + registrant.kind()
                            + ".",
                    "kind");
        }
        return new Registration.Registered(specimen, row.publishedVersion() >= specimen.version());
    }

    private static Registration conflict(ProblemCode code, String detail, String field) {
        return new Registration.Conflict(new Problem(code, detail, field));
    }

    private Optional<Row> specimen(String identifier) {
        return call(connection -> {
            try (PreparedStatement select = connection.prepareStatement("""
                    select s.code, s.patient_code, s.specimen_type, s.kind, s.version, s.registered_at,
                           p.identifier, s.published_version
                    from specimen s join patient p on p.code = s.patient_code
                    where s.identifier = ?""")) {
                select.setString(1, identifier);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next()
                            ? Optional.of(new Row(
                                    new Specimen(
                                            new SpecimenId(rows.getString(1)),
                                            new PatientId(rows.getString(2)),
                                            SpecimenType.valueOf(rows.getString(3)),
                                            SpecimenKind.valueOf(rows.getString(4)),
                                            rows.getInt(5),
                                            instant(rows, 6)),
                                    rows.getString(7),
                                    rows.getInt(8)))
                            : Optional.empty();
                }
            }
        });
    }

    private void insertSpecimen(Registrant registrant, PatientId patientId, Instant now) {
        insert(
                "insert into specimen (code, patient_code, identifier, specimen_type, kind, version,"
                        + " published_version, registered_at) values (?, ?, ?, ?, ?, 1, 0, ?)",
                codes.next("S"),
                patientId.value(),
                registrant.specimen(),
                registrant.type().name(),
                registrant.kind().name(),
                now.atOffset(ZoneOffset.UTC));
    }

    private PatientId patient(String identifier, Instant now) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<PatientId> known = patient(identifier);
            if (known.isPresent()) {
                return known.get();
            }
            insert(
                    "insert into patient (code, identifier, created_at) values (?, ?, ?)",
                    codes.next("P"),
                    identifier,
                    now.atOffset(ZoneOffset.UTC));
        }
        return patient(identifier).orElseThrow(Vault::noCode);
    }

    private Optional<PatientId> patient(String identifier) {
        return call(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select code from patient where identifier = ?")) {
                select.setString(1, identifier);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(new PatientId(rows.getString(1))) : Optional.empty();
                }
            }
        });
    }

    /** Inserts a row, unless its key, or a unique value in it, is there already; the caller looks which. */
    private void insert(String sql, @Nullable Object... values) {
        call(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                for (int k = 0; k < values.length; k++) {
                    insert.setObject(k + 1, values[k]);
                }
                return insert.executeUpdate();
            } catch (SQLException e) {
                if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    return 0;
                }
                throw e;
            }
        });
    }

    private <T> T call(Statement<T> statement) {
        try (Connection connection = dataSource.getConnection()) {
            return statement.run(connection);
        } catch (SQLException e) {
            // The message may quote an identifier; see the package.
            throw new UnavailableException(
                    ProblemCode.VAULT_UNAVAILABLE,
                    "the vault's database failed with SQL state " + e.getSQLState() + ", error " + e.getErrorCode(),
                    null);
        }
    }

    private static Instant instant(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static UnavailableException noCode() {
        return new UnavailableException(
                ProblemCode.VAULT_UNAVAILABLE, "no free code was found in " + ATTEMPTS + " attempts", null);
    }
}
