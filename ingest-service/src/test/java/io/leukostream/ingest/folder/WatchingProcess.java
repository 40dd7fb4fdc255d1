package io.leukostream.ingest.folder;

import io.leukostream.ingest.IntakeParts;
import io.leukostream.ingest.metrics.FolderMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Watches a folder in a process of its own, until that is killed. */
final class WatchingProcess {
    private WatchingProcess() {}

    /** Folder, broker, registry, and the vault's URL. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        IntakeParts parts = IntakeParts.open(arguments[1], arguments[2], arguments[3], folder);
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
                settings, parts.intake(), parts.admission(), parts.metrics(), new FolderMetrics(parts.meters()));
        Runtime.getRuntime().addShutdownHook(new Thread(watched::close));
        Thread.sleep(Duration.ofMinutes(10));
    }
}
