package io.leukostream.ingest.dicom;

import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.ingest.intake.DiskWatermark;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.messaging.EventPublisher;
import io.leukostream.ingest.metrics.DicomMetrics;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.ingest.vault.DicomLedger;
import io.leukostream.ingest.vault.Merges;
import io.leukostream.ingest.vault.Vault;
import io.leukostream.ingest.vault.VaultDatabase;
import io.leukostream.schemas.ImageLimit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;

/** Follows an Orthanc in a process of its own, until that is killed. */
final class FollowingProcess {
    static final int WORKERS = 2;

    private FollowingProcess() {}

    /** Orthanc, broker, registry, and the vault's URL. */
    public static void main(String[] arguments) throws Exception {
        JdbcConnectionPool database = JdbcConnectionPool.create(arguments[3], "", "");
        Flyway.configure().dataSource(database).locations("db/vault").load().migrate();
        VaultDatabase vault = new VaultDatabase(database);
        EventPublisher publisher =
                new EventPublisher(arguments[1], arguments[2], ImageLimit.DEFAULT, Duration.ofSeconds(10));
        var meters = new SimpleMeterRegistry();
        BytesInFlight bytesInFlight = new BytesInFlight(128 << 20);
        FollowedOrthanc followed = new FollowedOrthanc(
                new DicomSettings(
                        URI.create(arguments[0]),
                        OrthancProcess.USER,
                        OrthancProcess.PASSWORD,
                        "orthanc",
                        "1",
                        Duration.ofMillis(100),
                        Duration.ofSeconds(10),
                        WORKERS,
                        new MappingRules(
                                SpecimenKind.FIELD,
                                null,
                                false,
                                null,
                                null,
                                "dicom",
                                Map.of(),
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                100,
                                100_000_000)),
                new DicomLedger(vault),
                new Intake(
                        ImageLimit.DEFAULT,
                        new ImageInspector(100_000_000),
                        new Vault(vault),
                        new Merges(vault),
                        publisher,
                        Clock.systemUTC()),
                bytesInFlight,
                new DiskWatermark(List.of(Path.of(".")), 1),
                new IngestMetrics(meters, bytesInFlight),
                new DicomMetrics(meters),
                new DicomStanding(),
                Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(followed::close));
        Thread.sleep(Duration.ofMinutes(10));
    }
}
