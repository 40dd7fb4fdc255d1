package io.leukostream.ingest.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.ingest.domain.Form;
import io.leukostream.ingest.domain.IntakeOutcome;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Submission;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.intake.Pace;
import io.leukostream.ingest.metrics.FolderMetrics;
import io.leukostream.ingest.metrics.FolderMetrics.FolderOutcome;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.ingest.problem.ProblemBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Watches a folder and takes in what is put there, until it is closed. Memory is bounded by the admission limit, which
 * HTTP shares, and by the number of files that are remembered.
 */
public final class WatchedFolder implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WatchedFolder.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEEPEST = 16;
    private static final int MOST_FAILURES = 3;
    private static final Duration CLOSING_TIME = Duration.ofSeconds(30);

    /** A file that this instance took, and its sidecar if it has one. */
    private record Claim(Path image, @Nullable Path sidecar, Path relative) {}

    /** What was decided about a file. */
    private sealed interface Decision {
        record Accepted(IntakeOutcome.Accepted outcome, Submission submission) implements Decision {}

        record Refused(Problem problem) implements Decision {}

        /** Somebody still writes to it. */
        record Unfinished() implements Decision {}
    }

    private final WatchSettings settings;
    private final Intake intake;
    private final Admission admission;
    private final IngestMetrics metrics;
    private final FolderMetrics folderMetrics;
    private final Path root;
    private final Shelves shelves;
    private final Settling settling;
    private final Set<Path> underWay = ConcurrentHashMap.newKeySet();
    private final Semaphore room;
    private final ExecutorService workers;
    private final List<Thread> threads = new ArrayList<>();
    private final Pace pace;
    private final AtomicBoolean folderIsAway = new AtomicBoolean();
    private final AtomicBoolean intakeIsAway = new AtomicBoolean();
    private final AtomicLong refusals = new AtomicLong();
    private long waiting;

    /**
     * Begins to watch.
     *
     * @throws IOException if the folder cannot be used
     */
    public WatchedFolder(
            WatchSettings settings,
            Intake intake,
            Admission admission,
            IngestMetrics metrics,
            FolderMetrics folderMetrics)
            throws IOException {
        this.settings = settings;
        this.intake = intake;
        this.admission = admission;
        this.pace = new Pace(settings.interval());
        this.metrics = metrics;
        this.folderMetrics = folderMetrics;
        Files.createDirectories(settings.folder());
        this.root = settings.folder().toRealPath();
        this.shelves = new Shelves(root, settings.instance());
        this.settling = new Settling(settings.stableFor());
        this.room = new Semaphore(settings.workers() * 2);
        shelves.prepare();
        this.workers = Executors.newFixedThreadPool(
                settings.workers(),
                Thread.ofPlatform().name("folder-worker-", 1).factory());
        threads.add(Thread.ofPlatform().name("folder-watch").start(this::watch));
        threads.add(Thread.ofPlatform().name("folder-beat").start(this::beat));
    }

    /** Lets what is under way come to its end and leaves the rest where it is. */
    @Override
    public void close() {
        pace.close();
        workers.shutdown();
        try {
            for (Thread thread : threads) {
                thread.join(CLOSING_TIME);
            }
            if (!workers.awaitTermination(CLOSING_TIME.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("a file of the watched folder is still being taken in; the next start takes it in again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        while (!pace.isClosed()) {
            try {
                look();
                folderIsAway.set(false);
            } catch (IOException | RuntimeException e) {
                heldUp(
                        folderIsAway,
                        "the watched folder cannot be read: " + e.getClass().getSimpleName());
            }
            pace.pause();
        }
    }

    private void beat() {
        while (!pace.isClosed()) {
            try {
                shelves.beat();
            } catch (IOException | RuntimeException e) {
                heldUp(
                        folderIsAway,
                        "the watched folder cannot be written: " + e.getClass().getSimpleName());
            }
            pace.pause();
        }
    }

    private void look() throws IOException {
        shelves.adopt(settings.claimsStaleAfter());
        for (Path run : shelves.leftovers()) {
            goOn(run);
        }
        settling.begin();
        waiting = 0;
        look(root, 0);
        folderMetrics.waiting(waiting);
    }

    /** Takes in what a run had claimed that was killed, where it lies: in the folder its names may be taken by now. */
    private void goOn(Path run) throws IOException {
        List<Path> files = new ArrayList<>();
        collect(run, 0, files);
        if (files.isEmpty()) {
            shelves.tidy(run);
        }
        Set<Path> paired = new HashSet<>();
        for (Path file : files) {
            if (!isSidecar(file)) {
                paired.add(FileNames.sidecar(file));
                goOn(run, file);
            }
        }
        for (Path file : files) {
            // Images move on before their sidecars, so that this one's image is through.
            if (isSidecar(file) && !paired.contains(file) && !underWay.contains(file)) {
                try {
                    shelves.move(file, shelves.reserve(Shelves.ACCEPTED, run.relativize(file)));
                } catch (NoSuchFileException e) {
                    LOG.debug("a sidecar was moved at this moment");
                }
            }
        }
    }

    private void goOn(Path run, Path image) throws IOException {
        Path relative = run.relativize(image);
        Path sidecar = FileNames.sidecar(image);
        Path inFolder = root.resolve(relative);
        if (underWay.contains(image) || !Files.exists(image, LinkOption.NOFOLLOW_LINKS) || !hasRoom()) {
            return;
        }
        underWay.add(image);
        underWay.add(sidecar);
        boolean isGivenOn = false;
        try {
            boolean isWithout = !Files.exists(sidecar, LinkOption.NOFOLLOW_LINKS);
            // Killed between the two renames; unless the folder's sidecar is that of another image of the name.
            if (isWithout
                    && !Files.exists(inFolder, LinkOption.NOFOLLOW_LINKS)
                    && Files.isRegularFile(FileNames.sidecar(inFolder), LinkOption.NOFOLLOW_LINKS)) {
                Files.move(FileNames.sidecar(inFolder), sidecar, StandardCopyOption.ATOMIC_MOVE);
                isWithout = false;
            }
            Claim claim = new Claim(image, isWithout ? null : sidecar, relative);
            workers.execute(() -> takeIn(claim));
            isGivenOn = true;
        } finally {
            if (!isGivenOn) {
                release(image);
            }
        }
    }

    private static void collect(Path folder, int depth, List<Path> files) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (files.size() >= Settling.MOST_FILES || name(entry).startsWith(".")) {
                    continue;
                }
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    if (depth < DEEPEST) {
                        collect(entry, depth + 1, files);
                    }
                } else {
                    files.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("a folder is gone");
        }
    }

    private void look(Path folder, int depth) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (pace.isClosed()) {
                    return;
                }
                lookAt(entry, depth);
            }
        } catch (AccessDeniedException e) {
            heldUp(folderIsAway, "a folder in the watched folder cannot be read");
        }
    }

    private void lookAt(Path entry, int depth) throws IOException {
        if (FileNames.isLeftAlone(name(entry)) || (depth == 0 && Shelves.OWN.contains(name(entry)))) {
            return;
        }
        try {
            BasicFileAttributes attributes = attributes(entry);
            if (attributes.isDirectory()) {
                if (depth < DEEPEST) {
                    look(entry, depth + 1);
                }
            } else if (attributes.isRegularFile() && !isSidecar(entry)) {
                consider(entry, attributes);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("a file or folder is gone, to another instance or to its owner");
        }
    }

    private void consider(Path image, BasicFileAttributes attributes) throws IOException {
        waiting++;
        long now = System.nanoTime();
        Path sidecar = FileNames.sidecar(image);
        boolean hasSidecar = Files.isRegularFile(sidecar, LinkOption.NOFOLLOW_LINKS);
        if (!hasSidecar && settings.needsSidecar()) {
            return;
        }
        boolean isSettled = settling.isSettled(image, attributes, now);
        if (hasSidecar) {
            isSettled &= settling.isSettled(
                    sidecar, Files.readAttributes(sidecar, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS), now);
        }
        if (!isSettled || !hasRoom()) {
            return;
        }
        Path relative = root.relativize(image);
        boolean isTaken = false;
        try {
            Claim claim = claim(relative, hasSidecar ? root.relativize(sidecar) : null);
            if (claim != null) {
                isTaken = true;
                waiting--;
                folderMetrics.seen();
                settling.forget(image);
                settling.forget(sidecar);
                workers.execute(() -> takeIn(claim));
            }
        } finally {
            if (!isTaken) {
                room.release();
            }
        }
    }

    private @Nullable Claim claim(Path relative, @Nullable Path sidecar) throws IOException {
        Path target = shelves.claims().resolve(relative);
        if (!underWay.add(target)) {
            return null;
        }
        underWay.add(FileNames.sidecar(target));
        Claim claim = null;
        try {
            Optional<Path> image = shelves.claim(relative);
            if (image.isPresent()) {
                Optional<Path> fields = sidecar == null ? Optional.empty() : shelves.claim(sidecar);
                claim = new Claim(image.get(), fields.orElse(null), relative);
            }
            return claim;
        } finally {
            if (claim == null) {
                underWay.remove(target);
                underWay.remove(FileNames.sidecar(target));
            }
        }
    }

    private void release(Path image) {
        underWay.remove(image);
        underWay.remove(FileNames.sidecar(image));
        room.release();
    }

    private void takeIn(Claim claim) {
        try {
            int failures = 0;
            for (int attempt = 0; !pace.isClosed(); attempt++) {
                try {
                    Decision decision = failures < MOST_FAILURES ? decision(claim) : failed();
                    if (!(decision instanceof Decision.Unfinished)) {
                        finish(claim, decision);
                        intakeIsAway.set(false);
                        return;
                    }
                } catch (UnavailableException e) {
                    heldUp(intakeIsAway, e.code().name());
                } catch (IOException e) {
                    heldUp(
                            intakeIsAway,
                            "a file of the watched folder cannot be read or moved: "
                                    + e.getClass().getSimpleName());
                } catch (RuntimeException e) {
                    failures++;
                    // Its message may quote a path.
                    LOG.errorf(
                            "taking in a file of the watched folder failed: %s at %s",
                            e.getClass().getName(), e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
                }
                if (!Files.exists(claim.image(), LinkOption.NOFOLLOW_LINKS)) {
                    LOG.warn("a file of the watched folder was taken away while it was taken in");
                    return;
                }
                pace.backOff(attempt);
            }
        } finally {
            release(claim.image());
        }
    }

    private Decision decision(Claim claim) throws IOException {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        settings.fixed().forEach((field, value) -> fields.put(field, List.of(value)));
        if (settings.pattern() != null) {
            Optional<Map<String, String>> told = settings.pattern().read(claim.relative());
            if (told.isEmpty() && claim.sidecar() == null) {
                return new Decision.Refused(new Problem(
                        ProblemCode.MISSING_FIELD,
                        "The path is not of the form that tells the fields, and no sidecar does."));
            }
            told.ifPresent(values -> values.forEach((field, value) -> fields.put(field, List.of(value))));
        }
        if (claim.sidecar() != null) {
            switch (Sidecar.read(bytes(claim.sidecar(), Sidecar.MOST_BYTES + 1))) {
                case Sidecar.Reading.Refused refused -> {
                    return new Decision.Refused(refused.problem());
                }
                case Sidecar.Reading.Fields stated ->
                    stated.values()
                            .forEach((field, value) -> fields.merge(
                                    field, List.of(value), (before, now) -> contradictory(field, before, now)));
            }
        }
        return switch (Form.submission(fields)) {
            case Form.Reading.Refused<Submission> refused -> new Decision.Refused(refused.problem());
            case Form.Reading.Complete<Submission> complete -> decision(claim.image(), complete.value());
        };
    }

    /** A sidecar corrects what the whole folder shares; against the path it stands as a field that was given twice. */
    private List<String> contradictory(String field, List<String> before, List<String> now) {
        boolean isFolders = before.getFirst().equals(settings.fixed().get(field));
        return isFolders || before.equals(now) ? now : List.of(before.getFirst(), now.getFirst());
    }

    private Decision decision(Path image, Submission submission) throws IOException {
        BasicFileAttributes before = attributes(image);
        if (before.size() > intake.largestBytes()) {
            return new Decision.Refused(intake.tooLarge(before.size()));
        }
        try (BytesInFlight.Reservation _ = admission.admit(before.size())) {
            ByteBuffer file = ByteBuffer.wrap(bytes(image, (int) before.size()));
            BasicFileAttributes after = attributes(image);
            if (file.remaining() != after.size() || !before.lastModifiedTime().equals(after.lastModifiedTime())) {
                return new Decision.Unfinished();
            }
            return switch (intake.accept(submission, file)) {
                case IntakeOutcome.Accepted accepted -> new Decision.Accepted(accepted, submission);
                case IntakeOutcome.Refused refused -> new Decision.Refused(refused.problem());
            };
        }
    }

    private static Decision failed() {
        return new Decision.Refused(new Problem(ProblemCode.INTERNAL_ERROR, "The service's log says more."));
    }

    private void finish(Claim claim, Decision decision) throws IOException {
        switch (decision) {
            case Decision.Unfinished unfinished ->
                throw new IllegalArgumentException("a file that is still written is not finished: " + unfinished);
            case Decision.Refused(Problem problem) -> {
                shelve(claim, Shelves.REFUSED, ".problem.json", ProblemBody.of(problem));
                metrics.refused(problem.code());
                folderMetrics.decided(FolderOutcome.REFUSED);
                LOG.warnf(
                        "refused a file of the watched folder, the %d. since the start: %s",
                        refusals.incrementAndGet(), problem.code());
            }
            case Decision.Accepted(IntakeOutcome.Accepted accepted, Submission submission) -> {
                shelve(claim, Shelves.ACCEPTED, ".accepted.json", receipt(accepted));
                metrics.accepted(accepted, submission.priority());
                folderMetrics.decided(accepted.duplicate() ? FolderOutcome.DUPLICATE : FolderOutcome.ACCEPTED);
            }
        }
    }

    /** What HTTP answers. */
    private static Map<String, Object> receipt(IntakeOutcome.Accepted accepted) {
        Map<String, Object> receipt = new LinkedHashMap<>();
        receipt.put("imageId", accepted.imageId().value());
        receipt.put("patientId", accepted.specimen().patientId().value());
        receipt.put("specimenId", accepted.specimen().specimenId().value());
        receipt.put("duplicate", accepted.duplicate());
        receipt.put("receivedAt", accepted.receivedAt().toString());
        return receipt;
    }

    /** The sidecar last: while the image is claimed, all is done again after a kill, and needs it. */
    private void shelve(Claim claim, String shelf, String suffix, Object note) throws IOException {
        Path place = shelves.reserve(shelf, claim.relative());
        Path notePlace = FileNames.beside(place, suffix);
        boolean isMoved = false;
        try {
            Files.write(notePlace, json(note));
            shelves.move(claim.image(), place);
            isMoved = true;
        } finally {
            if (!isMoved) {
                Files.deleteIfExists(notePlace);
                Files.deleteIfExists(place);
            }
        }
        if (claim.sidecar() != null) {
            try {
                shelves.move(claim.sidecar(), shelves.reserve(FileNames.sidecar(place)));
            } catch (IOException e) {
                LOG.warnf(
                        "a sidecar stays behind until the next start: %s",
                        e.getClass().getSimpleName());
            }
        }
    }

    private static byte[] json(Object note) {
        try {
            return JSON.writeValueAsString(note).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a note of strings and numbers can be written as JSON", e);
        }
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** The first bytes of a file, or all of it. */
    private static byte[] bytes(Path file, int most) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, channel.size()));
            int read = 0;
            while (read >= 0 && bytes.hasRemaining()) {
                read = channel.read(bytes);
            }
            return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
        }
    }

    /** Waits until a worker will be free for one more file. */
    private boolean hasRoom() {
        try {
            while (!pace.isClosed()) {
                if (room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Said once for each time that something holds the folder up. */
    private static void heldUp(AtomicBoolean isAway, String why) {
        if (!isAway.getAndSet(true)) {
            LOG.warnf("the watched folder waits, nothing of it is lost: %s", why);
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private static boolean isSidecar(Path path) {
        return FileNames.isSidecar(name(path));
    }
}
