package io.leukostream.ingest.folder;

import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.ingest.intake.DiskWatermark;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.messaging.EventPublisher;
import io.leukostream.ingest.metrics.FolderMetrics;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.ingest.vault.Merges;
import io.leukostream.ingest.vault.Vault;
import io.leukostream.ingest.vault.VaultDatabase;
import io.leukostream.schemas.ImageLimit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;

/** Watches a folder in a process of its own, until that is killed. */
final class WatchingProcess {
    private WatchingProcess() {}

    /** Folder, broker, registry, and the vault's URL. */
    public static void main(String[] arguments) throws Exception {
        JdbcConnectionPool database = JdbcConnectionPool.create(arguments[3], "", "");
        Flyway.configure().dataSource(database).locations("db/vault").load().migrate();
        VaultDatabase vault = new VaultDatabase(database);
        EventPublisher publisher =
                new EventPublisher(arguments[1], arguments[2], ImageLimit.DEFAULT, Duration.ofSeconds(10));
        MeterRegistry meters = new SimpleMeterRegistry();
        BytesInFlight bytesInFlight = new BytesInFlight(128 << 20);
        Path folder = Path.of(arguments[0]);
        WatchSettings settings = new WatchSettings(
                folder,
                "1",
                new PathPattern("{patient}/{specimen}/{file}"),
                Map.of("specimenType", "BONE_MARROW", "kind", "CELL"),
                Duration.ofMillis(200),
                Duration.ofMillis(100),
                Duration.ofMinutes(1),
                4);
        WatchedFolder watched = new WatchedFolder(
                settings,
                new Intake(
                        ImageLimit.DEFAULT,
                        new ImageInspector(100_000_000),
                        new Vault(vault),
                        new Merges(vault),
                        publisher,
                        Clock.systemUTC()),
                bytesInFlight,
                new DiskWatermark(List.of(folder), 1),
                new IngestMetrics(meters, bytesInFlight),
                new FolderMetrics(meters));
        Runtime.getRuntime().addShutdownHook(new Thread(watched::close));
        Thread.sleep(Duration.ofMinutes(10));
    }
}
