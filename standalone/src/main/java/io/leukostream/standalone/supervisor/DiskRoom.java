package io.leukostream.standalone.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the disk of a folder has the room without which no component can run: a start on a full disk ends at once. */
final class DiskRoom {
    /** Some of the largest records, and what a broker and stores write when they start. */
    static final long LEAST_BYTES = 128L << 20;

    private final Path folder;

    DiskRoom(Path folder) {
        this.folder = folder;
    }

    /** Whether there is less room than is needed; a disk that cannot be looked at is not called full. */
    boolean isFull() {
        try {
            return Files.getFileStore(folder).getUsableSpace() < LEAST_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    /** A sentence for the person who can make room. */
    String complaint() {
        return "disk full: the disk of " + folder + " has less than " + (LEAST_BYTES >> 20)
                + " MiB free; make room there (what was accepted is kept)";
    }
}
