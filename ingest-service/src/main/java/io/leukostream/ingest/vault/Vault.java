package io.leukostream.ingest.vault;

import io.leukostream.ingest.domain.Acceptance;
import io.leukostream.ingest.domain.ImageId;
import io.leukostream.ingest.domain.LogPosition;
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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Codes for identifiers, and acceptance marks. Codes are given one after the other, whatever instance is asked: who comes
 * second finds what the first has written.
 *
 * <p>Each method throws {@link UnavailableException} if the database cannot be used.
 */
public final class Vault {
    private static final String SPECIMENS = """
            select s.code, p.current_code, s.specimen_type, s.kind, s.version, s.registered_at,
                   p.identifier, s.published_version
            from specimen s join patient p on p.code = s.patient_code
            """;

    private final VaultDatabase database;

    private record Row(Specimen specimen, String patientIdentifier, int publishedVersion) {}

    /** A vault in this database. */
    public Vault(VaultDatabase database) {
        this.database = database;
    }

    /** Registers a specimen with its patient, or finds both. */
    public Registration register(Registrant registrant, Instant now) {
        Row row = database.read(connection -> byIdentifier(connection, registrant.specimen()))
                .orElseGet(() -> database.alone(connection -> registered(connection, registrant, now)));
        return registration(registrant, row);
    }

    private Row registered(Connection connection, Registrant registrant, Instant now) throws SQLException {
        Optional<Row> known = byIdentifier(connection, registrant.specimen());
        if (known.isPresent()) {
            return known.get();
        }
        VaultDatabase.update(
                connection,
                "insert into specimen (code, patient_code, identifier, specimen_type, kind, version,"
                        + " published_version, registered_at) values (?, ?, ?, ?, ?, 1, 0, ?)",
                database.newCode("S"),
                patientCode(connection, registrant.patient(), now),
                registrant.specimen(),
                registrant.type().name(),
                registrant.kind().name(),
                now);
        return byIdentifier(connection, registrant.specimen()).orElseThrow();
    }

    private String patientCode(Connection connection, String identifier, Instant now) throws SQLException {
        Optional<Patient> known = Patient.byIdentifier(connection, identifier);
        if (known.isPresent()) {
            return known.get().code();
        }
        String code = database.newCode("P");
        VaultDatabase.update(
                connection,
                "insert into patient (code, current_code, identifier, created_at) values (?, ?, ?, ?)",
                code,
                code,
                identifier,
                now);
        return code;
    }

    /** Notes that the event log holds this version of the specimen. */
    public void markPublished(Specimen specimen) {
        database.read(connection -> VaultDatabase.update(
                connection,
                "update specimen set published_version = ? where code = ? and published_version < ?",
                specimen.version(),
                specimen.specimenId().value(),
                specimen.version()));
    }

    /** The lanes by which an image was accepted. */
    public Map<Priority, Acceptance> acceptances(ImageId imageId) {
        return database.read(connection -> {
            Map<Priority, Acceptance> lanes = new EnumMap<>(Priority.class);
            VaultDatabase.list(
                    connection,
                    row -> lanes.put(Priority.valueOf(row.getString(1)), acceptance(row)),
                    "select lane, attempt, received_at, log_topic, log_partition, log_offset"
                            + " from accepted_image where image_id = ?",
                    imageId.value());
            return lanes;
        });
    }

    private static Acceptance acceptance(ResultSet row) throws SQLException {
        String topic = row.getString(4);
        return new Acceptance(
                row.getInt(2),
                VaultDatabase.instant(row, 3),
                topic == null ? null : new LogPosition(topic, row.getInt(5), row.getLong(6)));
    }

    /**
     * Marks an image as accepted by its lane; harmless when it is marked already, or when its specimen was erased. A mark of
     * an earlier attempt becomes this one's.
     */
    public void markAccepted(ReceivedImage image, LogPosition position) {
        int renewed = database.read(connection -> VaultDatabase.update(
                connection,
                "update accepted_image set attempt = ?, received_at = ?, log_topic = ?, log_partition = ?, log_offset = ?"
                        + " where image_id = ? and lane = ? and attempt < ?",
                image.attempt(),
                image.receivedAt(),
                position.topic(),
                position.partition(),
                position.offset(),
                image.imageId().value(),
                image.submission().priority().name(),
                image.attempt()));
        if (renewed == 0) {
            insertMark(image, position);
        }
    }

    private void insertMark(ReceivedImage image, LogPosition position) {
        database.read(connection -> {
            try {
                return VaultDatabase.update(
                        connection,
                        "insert into accepted_image (image_id, lane, specimen_code, attempt, external_id, received_at,"
                                + " log_topic, log_partition, log_offset)"
                                + " select cast(? as varchar(64)), cast(? as varchar(16)), code, cast(? as integer),"
                                + " cast(? as varchar(128)), cast(? as timestamp(3) with time zone),"
                                + " cast(? as varchar(64)), cast(? as integer), cast(? as bigint)"
                                + " from specimen where code = ?",
                        image.imageId().value(),
                        image.submission().priority().name(),
                        image.attempt(),
                        image.submission().externalId(),
                        image.receivedAt(),
                        position.topic(),
                        position.partition(),
                        position.offset(),
                        image.specimen().specimenId().value());
            } catch (SQLException e) {
                if (VaultDatabase.isUniqueViolation(e)) {
                    return 0;
                }
                throw e;
            }
        });
    }

    /** Returns if the database answers. */
    public void check() {
        database.read(connection -> Patient.byIdentifier(connection, ""));
    }

    private Registration registration(Registrant registrant, Row row) {
        Specimen specimen = row.specimen();
        if (!row.patientIdentifier().equals(registrant.patient())
                && !isNow(registrant.patient(), specimen.patientId())) {
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

    /** Whether an identifier is one of this patient's after all merges. */
    private boolean isNow(String identifier, PatientId patientId) {
        return database.read(connection -> Patient.byIdentifier(connection, identifier))
                .map(Patient::current)
                .filter(patientId::equals)
                .isPresent();
    }

    private static Registration conflict(ProblemCode code, String detail, String field) {
        return new Registration.Conflict(new Problem(code, detail, field));
    }

    private static Optional<Row> byIdentifier(Connection connection, String identifier) throws SQLException {
        return VaultDatabase.first(connection, Vault::row, SPECIMENS + " where s.identifier = ?", identifier);
    }

    /** A specimen as it is now; empty if there is none. */
    static Optional<Specimen> byCode(Connection connection, SpecimenId specimenId) throws SQLException {
        return VaultDatabase.first(connection, Vault::row, SPECIMENS + " where s.code = ?", specimenId.value())
                .map(Row::specimen);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                new Specimen(
                        new SpecimenId(row.getString(1)),
                        new PatientId(row.getString(2)),
                        SpecimenType.valueOf(row.getString(3)),
                        SpecimenKind.valueOf(row.getString(4)),
                        row.getInt(5),
                        VaultDatabase.instant(row, 6)),
                row.getString(7),
                row.getInt(8));
    }
}
