package io.leukostream.ingest.dicom;

import io.leukostream.ingest.IntakeParts;
import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.metrics.DicomMetrics;
import io.leukostream.ingest.vault.DicomLedger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Follows an Orthanc in a process of its own, until that is killed. */
final class FollowingProcess {
    static final int WORKERS = 2;

    private FollowingProcess() {}

    /** Orthanc, broker, registry, and the vault's URL. */
    public static void main(String[] arguments) throws Exception {
        IntakeParts parts = IntakeParts.open(arguments[1], arguments[2], arguments[3], Path.of("."));
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
                new DicomLedger(parts.database()),
                parts.intake(),
                parts.admission(),
                parts.metrics(),
                new DicomMetrics(parts.meters()),
                new DicomStanding(),
                Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(followed::close));
        Thread.sleep(Duration.ofMinutes(10));
    }
}
