package io.leukostream.ingest.dicom;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** An Orthanc for the service under test, where there is one. */
public final class OrthancResource implements QuarkusTestResourceLifecycleManager {
    private OrthancProcess orthanc;

    /** The one that the service under test follows. */
    static OrthancProcess running() {
        Config settings = ConfigProvider.getConfig();
        return OrthancProcess.at(
                Path.of(settings.getValue("test.orthanc.folder", String.class)),
                settings.getValue("test.orthanc.http-port", Integer.class),
                settings.getValue("test.orthanc.dicom-port", Integer.class));
    }

    @Override
    public Map<String, String> start() {
        if (!OrthancProcess.isInstalled()) {
            return Map.of();
        }
        try {
            Path folder =
                    Files.createTempDirectory(Path.of("target"), "orthanc").toAbsolutePath();
            orthanc = OrthancProcess.start(folder);
            return Map.of(
                    "test.orthanc.folder",
                    folder.toString(),
                    "test.orthanc.pid",
                    Long.toString(orthanc.pid()),
                    "test.orthanc.http-port",
                    Integer.toString(orthanc.httpPort()),
                    "test.orthanc.dicom-port",
                    Integer.toString(orthanc.dicomPort()),
                    "leukostream.dicom.orthanc-url",
                    orthanc.url().toString(),
                    "leukostream.dicom.orthanc-username",
                    OrthancProcess.USER,
                    "leukostream.dicom.orthanc-password",
                    OrthancProcess.PASSWORD,
                    "leukostream.dicom.interval",
                    "100ms",
                    "leukostream.dicom.scanners",
                    "MICRO1=north-1",
                    "leukostream.dicom.stat-callers",
                    "EMERGENCY");
        } catch (IOException e) {
            throw new UncheckedIOException("Orthanc did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Orthanc started", e);
        }
    }

    @Override
    public void stop() {
        if (orthanc != null) {
            orthanc.close();
        }
    }
}
