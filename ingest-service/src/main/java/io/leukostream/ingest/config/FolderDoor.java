package io.leukostream.ingest.config;

import io.leukostream.ingest.folder.PathPattern;
import io.leukostream.ingest.folder.WatchSettings;
import io.leukostream.ingest.folder.WatchedFolder;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.metrics.FolderMetrics;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Opens the watched folder with the service, where one is set, and closes it before the rest. */
@Singleton
final class FolderDoor {
    private static final Logger LOG = Logger.getLogger(FolderDoor.class);

    private @Nullable WatchedFolder folder;

    void open(
            @Observes StartupEvent start,
            IngestConfig config,
            Intake intake,
            Admission admission,
            IngestMetrics metrics,
            FolderMetrics folderMetrics)
            throws IOException {
        Optional<Path> path = config.watch().folder();
        if (path.isEmpty()) {
            return;
        }
        folder = new WatchedFolder(settings(config, path.get()), intake, admission, metrics, folderMetrics);
        LOG.info("watching a folder for images");
    }

    void close(@Observes ShutdownEvent stop) {
        if (folder != null) {
            folder.close();
        }
    }

    private static WatchSettings settings(IngestConfig config, Path path) {
        IngestConfig.Watch watch = config.watch();
        return new WatchSettings(
                path,
                config.instance(),
                watch.pattern().map(PathPattern::new).orElse(null),
                WatchSettings.fixed(watch.fields().orElse(List.of())),
                watch.stableFor(),
                watch.interval(),
                watch.claimsStaleAfter(),
                watch.workers());
    }
}
