package io.leukostream.ingest;

import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.AgeWatermark;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.ingest.intake.DiskWatermark;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.messaging.EventLogProbe;
import io.leukostream.ingest.messaging.EventPublisher;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.ingest.vault.Merges;
import io.leukostream.ingest.vault.Vault;
import io.leukostream.ingest.vault.VaultDatabase;
import io.leukostream.schemas.ImageLimit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;

/** What a door needs in a process of its own: the real intake, on the vault of a URL. */
public record IntakeParts(
        VaultDatabase database, Intake intake, Admission admission, MeterRegistry meters, IngestMetrics metrics) {
    private static final int MOST_PIXELS = 100_000_000;

    /** On this broker and registry; {@code disk} is an existing folder on the disk that is watched. */
    public static IntakeParts open(String bootstrapServers, String registryUrl, String vaultUrl, Path disk)
            throws IOException {
        JdbcConnectionPool connections = JdbcConnectionPool.create(vaultUrl, "", "");
        Flyway.configure().dataSource(connections).locations("db/vault").load().migrate();
        VaultDatabase database = new VaultDatabase(connections);
        MeterRegistry meters = new SimpleMeterRegistry();
        BytesInFlight bytesInFlight = new BytesInFlight(128 << 20);
        return new IntakeParts(
                database,
                new Intake(
                        ImageLimit.DEFAULT,
                        new ImageInspector(MOST_PIXELS),
                        new Vault(database),
                        new Merges(database),
                        new EventPublisher(bootstrapServers, registryUrl, ImageLimit.DEFAULT, Duration.ofSeconds(10)),
                        new EventLogProbe(bootstrapServers, registryUrl)::holds,
                        Clock.systemUTC()),
                new Admission(bytesInFlight, new DiskWatermark(List.of(disk), 1), () -> false),
                meters,
                new IngestMetrics(meters, bytesInFlight, new AgeWatermark(time -> false, Duration.ofDays(5))));
    }
}
