package io.leukostream.ingest.folder;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells which files are no longer written to: those whose size and time have not changed for a while. It remembers a
 * bounded number of files; more of them wait until some are gone. Used by one thread.
 */
final class Settling {
    static final int MOST_FILES = 10_000;

    private record Seen(long bytes, FileTime changedAt, long since, long look) {}

    private final Duration stableFor;
    private final Map<Path, Seen> files = new HashMap<>();
    private long look;

    Settling(Duration stableFor) {
        this.stableFor = stableFor;
    }

    /** Begins a new look at all files; what was not seen in the last one is forgotten. */
    void begin() {
        files.values().removeIf(seen -> seen.look() != look);
        look++;
    }

    /**
     * Whether a file has settled.
     *
     * @param now ns, of a clock that only goes on
     */
    boolean isSettled(Path file, BasicFileAttributes attributes, long now) {
        Seen before = files.get(file);
        if (before == null && files.size() >= MOST_FILES) {
            return false;
        }
        if (before != null
                && before.bytes() == attributes.size()
                && before.changedAt().equals(attributes.lastModifiedTime())) {
            files.put(file, new Seen(before.bytes(), before.changedAt(), before.since(), look));
            return now - before.since() >= stableFor.toNanos();
        }
        files.put(file, new Seen(attributes.size(), attributes.lastModifiedTime(), now, look));
        return false;
    }

    /** Forgets a file that was taken. */
    void forget(Path file) {
        files.remove(file);
    }
}
