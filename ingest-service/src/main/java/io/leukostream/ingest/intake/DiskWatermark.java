package io.leukostream.ingest.intake;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tells when one of the disks that an acceptance is written to is nearly full. */
public final class DiskWatermark {
    private final List<FileStore> stores;
    private final long minimumFreeBytes;

    /**
     * A watermark on existing folders.
     *
     * @param minimumFreeBytes what must be free on each of them; 0 switches the check off
     * @throws IOException if a folder cannot be looked at
     */
    public DiskWatermark(List<Path> folders, long minimumFreeBytes) throws IOException {
        if (minimumFreeBytes < 0) {
            throw new IllegalArgumentException("free bytes cannot be negative: " + minimumFreeBytes);
        }
        this.minimumFreeBytes = minimumFreeBytes;
        List<FileStore> found = new ArrayList<>();
        for (Path folder : folders) {
            found.add(Files.getFileStore(folder));
        }
        this.stores = List.copyOf(found);
    }

    /**
     * Whether one of the disks has less free than it must.
     *
     * @throws IOException if a disk cannot be looked at
     */
    public boolean isLow() throws IOException {
        if (minimumFreeBytes == 0) {
            return false;
        }
        for (FileStore store : stores) {
            if (store.getUsableSpace() < minimumFreeBytes) {
                return true;
            }
        }
        return false;
    }
}
