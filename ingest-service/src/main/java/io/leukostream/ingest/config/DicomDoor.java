package io.leukostream.ingest.config;

import io.leukostream.ingest.dicom.DicomSettings;
import io.leukostream.ingest.dicom.DicomStanding;
import io.leukostream.ingest.dicom.FollowedOrthanc;
import io.leukostream.ingest.dicom.MappingRules;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.metrics.DicomMetrics;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.ingest.vault.DicomLedger;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Begins to follow an Orthanc with the service, where one is set, and leaves it before the rest ends. */
@Singleton
final class DicomDoor {
    private static final Logger LOG = Logger.getLogger(DicomDoor.class);

    private @Nullable FollowedOrthanc orthanc;

    void open(
            @Observes StartupEvent start,
            IngestConfig config,
            DicomLedger ledger,
            Intake intake,
            Admission admission,
            IngestMetrics metrics,
            DicomMetrics dicomMetrics,
            DicomStanding standing,
            Clock clock) {
        Optional<URI> address = config.dicom().orthancUrl();
        if (address.isEmpty()) {
            return;
        }
        orthanc = new FollowedOrthanc(
                settings(config, address.get()), ledger, intake, admission, metrics, dicomMetrics, standing, clock);
        LOG.info("following an Orthanc for images");
    }

    void close(@Observes ShutdownEvent stop) {
        if (orthanc != null) {
            orthanc.close();
        }
    }

    private static DicomSettings settings(IngestConfig config, URI address) {
        IngestConfig.Dicom dicom = config.dicom();
        return new DicomSettings(
                address,
                dicom.orthancUsername().orElse(null),
                dicom.orthancPassword().orElse(null),
                dicom.source(),
                config.instance(),
                dicom.interval(),
                dicom.timeout(),
                dicom.workers(),
                new MappingRules(
                        dicom.kind(),
                        dicom.specimenType().orElse(null),
                        dicom.specimenFromAccession(),
                        dicom.homeIssuer().orElse(null),
                        dicom.pixelSizeMicrometres().orElse(null),
                        dicom.scanner(),
                        MappingRules.scanners(dicom.scanners().orElse(List.of())),
                        Set.copyOf(dicom.statCallers().orElse(List.of())),
                        Set.copyOf(dicom.marrowCodes().orElse(List.of())),
                        Set.copyOf(dicom.bloodCodes().orElse(List.of())),
                        dicom.maxFrames(),
                        config.image().maxPixels()));
    }
}
