package io.leukostream.ingest.config;

import io.agroal.api.AgroalDataSource;
import io.leukostream.ingest.dicom.DicomStanding;
import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.domain.PermissionToken;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.AgeWatermark;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.ingest.intake.DiskWatermark;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.intake.PatientChanges;
import io.leukostream.ingest.messaging.EventLogProbe;
import io.leukostream.ingest.messaging.EventPublisher;
import io.leukostream.ingest.vault.AccessLog;
import io.leukostream.ingest.vault.DicomLedger;
import io.leukostream.ingest.vault.Disclosures;
import io.leukostream.ingest.vault.Erasures;
import io.leukostream.ingest.vault.Merges;
import io.leukostream.ingest.vault.Vault;
import io.leukostream.ingest.vault.VaultDatabase;
import io.leukostream.schemas.ClockWatch;
import io.leukostream.schemas.ImageLimit;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes the service's objects from its settings; a setting out of range stops the start with the value in the message. */
@Singleton
final class Wiring {
    private static final Duration BETWEEN_LOOKS_AT_AGE = Duration.ofSeconds(30);

    @Produces
    @Singleton
    static ImageLimit limit(IngestConfig config) {
        return new ImageLimit(config.image().maxBytes());
    }

    @Produces
    @Singleton
    static Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    static VaultDatabase database(
            @DataSource("h2") InjectableInstance<AgroalDataSource> h2,
            @DataSource("postgresql") InjectableInstance<AgroalDataSource> postgresql) {
        return new VaultDatabase(postgresql.getHandle().getBean().isActive() ? postgresql.get() : h2.get());
    }

    @Produces
    @Singleton
    static Vault vault(VaultDatabase database) {
        return new Vault(database);
    }

    @Produces
    @Singleton
    static Merges merges(VaultDatabase database) {
        return new Merges(database);
    }

    @Produces
    @Singleton
    static Disclosures disclosures(VaultDatabase database) {
        return new Disclosures(database);
    }

    @Produces
    @Singleton
    static AccessLog accessLog(VaultDatabase database) {
        return new AccessLog(database);
    }

    @Produces
    @Singleton
    static PatientChanges patientChanges(
            VaultDatabase database, Vault vault, Merges merges, EventPublisher publisher, Clock clock) {
        return new PatientChanges(database, vault, merges, new Erasures(database), publisher, clock);
    }

    @Produces
    @Singleton
    static PermissionToken permissionToken(IngestConfig config) {
        return new PermissionToken(config.vault().permissionToken().orElse(null));
    }

    @Produces
    @Singleton
    static DicomLedger dicomLedger(VaultDatabase database) {
        return new DicomLedger(database);
    }

    @Produces
    @Singleton
    static DicomStanding dicomStanding() {
        return new DicomStanding();
    }

    @Produces
    @Singleton
    static EventPublisher publisher(IngestConfig config, ImageLimit limit) {
        return new EventPublisher(
                config.kafka().bootstrapServers(),
                config.registry().url().toString(),
                limit,
                config.kafka().deliveryTimeout());
    }

    static void close(@Disposes EventPublisher publisher) {
        publisher.close();
    }

    @Produces
    @Singleton
    static EventLogProbe probe(IngestConfig config) {
        return new EventLogProbe(
                config.kafka().bootstrapServers(), config.registry().url().toString());
    }

    static void close(@Disposes EventLogProbe probe) {
        probe.close();
    }

    @Produces
    @Singleton
    static Intake intake(
            IngestConfig config,
            ImageLimit limit,
            Vault vault,
            Merges merges,
            EventPublisher publisher,
            EventLogProbe log,
            Clock clock) {
        return new Intake(
                limit, new ImageInspector(config.image().maxPixels()), vault, merges, publisher, log::holds, clock);
    }

    @Produces
    @Singleton
    static BytesInFlight bytesInFlight(IngestConfig config, ImageLimit limit) {
        long bytes = config.admission().maxBytes();
        if (bytes < limit.maxBodyBytes()) {
            throw new IllegalArgumentException("leukostream.admission.max-bytes must hold at least one body of "
                    + limit.maxBodyBytes() + " bytes, not " + bytes);
        }
        return new BytesInFlight(bytes);
    }

    @Produces
    @Singleton
    static AgeWatermark ageWatermark(IngestConfig config, EventLogProbe log) {
        return new AgeWatermark(log::holdsWaitingFor, config.admission().longestWait());
    }

    static void close(@Disposes AgeWatermark watermark) {
        watermark.close();
    }

    void watchAge(@Observes StartupEvent start, AgeWatermark watermark) {
        watermark.start(BETWEEN_LOOKS_AT_AGE);
    }

    @Produces
    @Singleton
    static Admission admission(IngestConfig config, BytesInFlight bytesInFlight, AgeWatermark age) throws IOException {
        Files.createDirectories(config.data());
        List<Path> folders = new ArrayList<>(List.of(config.data()));
        folders.addAll(config.disk().watch().orElse(List.of()));
        return new Admission(
                bytesInFlight, new DiskWatermark(folders, config.disk().minFreeBytes()), age::isReached);
    }

    void watchClock(@Observes StartupEvent start) {
        ClockWatch.start();
    }
}
