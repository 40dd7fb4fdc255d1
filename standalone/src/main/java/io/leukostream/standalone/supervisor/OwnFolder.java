package io.leukostream.standalone.supervisor;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Folders that nobody else of the machine looks into: they hold identifiers of patients and their pictures. */
final class OwnFolder {
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

    private OwnFolder() {}

    /** Makes the folder, or takes from one that is there what others may do in it, and says so. */
    static void make(Path folder, PrintStream events) throws IOException {
        Files.createDirectories(folder);
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(folder);
        if (!before.equals(OWN)) {
            Files.setPosixFilePermissions(folder, OWN);
            try (Stream<Path> content = Files.list(folder)) {
                if (content.findAny().isPresent()) {
                    events.println("Others could look into " + folder + "; that is over.");
                }
            }
        }
    }

    /** Makes the folder and empties it. */
    static void clear(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> content = all.filter(each -> !each.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (Path each : content) {
                Files.delete(each);
            }
        }
    }
}
