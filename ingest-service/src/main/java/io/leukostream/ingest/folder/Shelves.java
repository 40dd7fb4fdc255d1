package io.leukostream.ingest.folder;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The places in a watched folder, and the renames between them. Nothing is ever overwritten, and no link followed. */
final class Shelves {
    static final String CLAIMED = "claimed";
    static final String ACCEPTED = "accepted";
    static final String REFUSED = "refused";
    /** Folders at the top that hold no new files. */
    static final Set<String> OWN = Set.of(CLAIMED, ACCEPTED, REFUSED);

    private static final Logger LOG = Logger.getLogger(Shelves.class);
    private static final String ALIVE = ".alive";

    private final Path root;
    private final Path own;
    private final Path claims;

    /** The shelves of one run of an instance: what a run had claimed stays together when another goes on with it. */
    Shelves(Path root, String instance) {
        this.root = root;
        this.own = root.resolve(CLAIMED).resolve(instance);
        this.claims = own.resolve("run-" + UUID.randomUUID());
    }

    /** Makes the places. */
    void prepare() throws IOException {
        for (Path folder : List.of(claims, root.resolve(ACCEPTED), root.resolve(REFUSED))) {
            Files.createDirectories(folder);
        }
        beat();
    }

    /** Shows the other instances that this one lives. */
    void beat() throws IOException {
        Files.createDirectories(own);
        Files.write(own.resolve(ALIVE), new byte[] {'\n'});
    }

    /**
     * Takes a file for this instance.
     *
     * @param relative within the root
     * @return where it lies now; nothing if another took it, or one of that name is being taken in
     */
    Optional<Path> claim(Path relative) throws IOException {
        Path target = claims.resolve(relative);
        Files.createDirectories(target.getParent());
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.move(root.resolve(relative), target, StandardCopyOption.ATOMIC_MOVE));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * A free place on a shelf, held by an empty file that the next {@link #move} replaces.
     *
     * @param relative where the file lay within the root
     */
    Path reserve(String shelf, Path relative) throws IOException {
        return reserve(root.resolve(shelf).resolve(relative));
    }

    /** A free place of that name, or of the next free number. */
    Path reserve(Path wanted) throws IOException {
        Files.createDirectories(wanted.getParent());
        int number = 1;
        while (true) {
            Path target = number == 1 ? wanted : FileNames.numbered(wanted, number);
            try {
                return Files.createFile(target);
            } catch (FileAlreadyExistsException e) {
                number++;
            }
        }
    }

    /** Moves a claimed file to its reserved place. */
    void move(Path claimed, Path reserved) throws IOException {
        try {
            Files.move(claimed, reserved, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(reserved);
            throw e;
        }
        tidy(claimed.getParent());
    }

    /** Makes the claims of the instances that have been silent for too long this one's; of several, one gets each run's. */
    void adopt(Duration silence) throws IOException {
        FileTime now = Files.getLastModifiedTime(own.resolve(ALIVE));
        for (Path other : folders(root.resolve(CLAIMED))) {
            if (other.equals(own) || now.toMillis() - lastBeat(other).toMillis() <= silence.toMillis()) {
                continue;
            }
            for (Path run : folders(other)) {
                try {
                    Files.move(run, own.resolve(run.getFileName()), StandardCopyOption.ATOMIC_MOVE);
                } catch (NoSuchFileException e) {
                    LOG.debug("another instance was quicker to go on with what a silent one had claimed");
                }
            }
        }
    }

    /** Folders of claims of runs that ended before their time. */
    List<Path> leftovers() throws IOException {
        return folders(own).stream().filter(run -> !run.equals(claims)).toList();
    }

    private static List<Path> folders(Path in) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(in, each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))) {
            entries.forEach(folders::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return folders;
    }

    /** What this run claims. */
    Path claims() {
        return claims;
    }

    private static FileTime lastBeat(Path other) throws IOException {
        Path beat = other.resolve(ALIVE);
        return Files.getLastModifiedTime(Files.exists(beat, LinkOption.NOFOLLOW_LINKS) ? beat : other);
    }

    /** Removes a folder of claims, and those above it, if they are empty now. */
    void tidy(@Nullable Path folder) throws IOException {
        for (Path at = folder; at != null && at.startsWith(own) && !at.equals(own); at = at.getParent()) {
            try {
                Files.deleteIfExists(at);
            } catch (DirectoryNotEmptyException | NotDirectoryException e) {
                return;
            }
        }
    }
}
