package io.leukostream.ingest.dicom;

import io.leukostream.ingest.domain.DefectException;
import io.leukostream.ingest.domain.DicomPlace;
import io.leukostream.ingest.domain.DicomRefusal;
import io.leukostream.ingest.domain.IntakeOutcome;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Submission;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.intake.Admission;
import io.leukostream.ingest.intake.BytesInFlight;
import io.leukostream.ingest.intake.Intake;
import io.leukostream.ingest.intake.Pace;
import io.leukostream.ingest.metrics.DicomMetrics;
import io.leukostream.ingest.metrics.DicomMetrics.FrameOutcome;
import io.leukostream.ingest.metrics.IngestMetrics;
import io.leukostream.ingest.vault.DicomLedger;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Follows an Orthanc's changes and takes in each new instance, until it is closed. Memory is bounded by the admission
 * limit, which the other doors share.
 */
public final class FollowedOrthanc implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FollowedOrthanc.class);
    private static final int CHANGES_AT_ONCE = 100;
    private static final int LOOK_BACK_AT_ONCE = 1000;
    private static final int MOST_FAILURES = 5;
    /** Beyond the pixels' own bytes; a JPEG stream is smaller than its pixels. */
    private static final int MOST_JPEG_METADATA_BYTES = 1 << 20;

    private static final Duration CLOSING_TIME = Duration.ofSeconds(10);
    /** How long the other instances leave Orthanc to one that is silent. */
    private static final Duration HELD_FOR = Duration.ofSeconds(30);

    /** The door is being closed, and what was under way is left for the next start. */
    private static final class ClosedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private interface Step<T> {
        T run() throws OrthancAwayException;
    }

    private interface Failure<T> {
        T with(Problem problem);
    }

    private final DicomSettings settings;
    private final Orthanc orthanc;
    private final DicomMapping mapping;
    private final DicomLedger ledger;
    private final Intake intake;
    private final Admission admission;
    private final IngestMetrics metrics;
    private final DicomMetrics dicomMetrics;
    private final DicomStanding standing;
    private final Clock clock;
    private final ExecutorService workers;
    private final List<Thread> threads = new ArrayList<>();
    private final Pace pace;
    private final AtomicBoolean isHeldUp = new AtomicBoolean();
    private final AtomicLong refusals = new AtomicLong();

    /** Begins to follow; does not wait for Orthanc. */
    public FollowedOrthanc(
            DicomSettings settings,
            DicomLedger ledger,
            Intake intake,
            Admission admission,
            IngestMetrics metrics,
            DicomMetrics dicomMetrics,
            DicomStanding standing,
            Clock clock) {
        this.settings = settings;
        this.orthanc = new Orthanc(settings);
        this.mapping = new DicomMapping(settings.rules());
        this.ledger = ledger;
        this.intake = intake;
        this.admission = admission;
        this.pace = new Pace(settings.interval());
        this.metrics = metrics;
        this.dicomMetrics = dicomMetrics;
        this.standing = standing;
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(
                settings.workers(), Thread.ofPlatform().name("dicom-worker-", 1).factory());
        threads.add(Thread.ofPlatform().name("dicom-follow").start(this::follow));
        threads.add(Thread.ofPlatform().name("dicom-hold").start(this::keepHold));
    }

    /** Lets the frames that are under way come to their end and leaves the rest to the next start. */
    @Override
    public void close() {
        pace.close();
        try {
            for (Thread thread : threads) {
                thread.join(CLOSING_TIME);
            }
            workers.shutdownNow();
            ledger.release(settings.source(), settings.holder());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UnavailableException e) {
            LOG.debug("another instance of ingest has to wait until the hold on Orthanc ends", e);
        }
        orthanc.close();
    }

    private void follow() {
        for (int failures = 0; !pace.isClosed(); ) {
            try {
                if (!hold()) {
                    standing.is(DicomStanding.State.STANDING_BY);
                    pace.pause();
                } else if (!look()) {
                    pace.pause();
                }
                failures = 0;
            } catch (ClosedException e) {
                LOG.debug("closed while instances were taken in", e);
            } catch (OrthancAwayException e) {
                orthancIsAway(e);
                pace.backOff(failures++);
            } catch (UnavailableException e) {
                heldUp(DicomStanding.State.WAITING, e.code().name());
                pace.backOff(failures++);
            } catch (RuntimeException e) {
                logFailure(e);
                pace.backOff(failures++);
            }
        }
    }

    private void keepHold() {
        while (!pace.isClosed()) {
            pace.pause(HELD_FOR.dividedBy(3));
            try {
                if (!pace.isClosed() && standing.now().state() != DicomStanding.State.STANDING_BY) {
                    hold();
                }
            } catch (UnavailableException e) {
                LOG.debug("the hold on Orthanc was not prolonged; another instance may follow now", e);
            }
        }
    }

    private boolean hold() {
        return ledger.hold(
                settings.source(),
                settings.holder(),
                clock.instant(),
                clock.instant().plus(HELD_FOR));
    }

    /** Takes in what is new; false when there was no more. */
    private boolean look() throws OrthancAwayException, ClosedException {
        DicomPlace place = ledger.place(settings.source());
        if (!isIn(place)) {
            if (!place.marks().isEmpty()) {
                LOG.warn(
                        "Orthanc's list of changes is not the one that was followed: it was emptied, replaced or restored;"
                                + " its instances are read from the first on, and what was accepted before is recognised");
                dicomMetrics.startedOver();
            }
            place = DicomPlace.START;
            ledger.move(settings.source(), settings.holder(), place);
        }
        Orthanc.Changes changes = orthanc.changes(place.sequence(), CHANGES_AT_ONCE);
        seen(place);
        List<Orthanc.Change> entries = changes.entries();
        for (int from = 0; from < entries.size(); ) {
            int to = from;
            List<Orthanc.Change> instances = new ArrayList<>();
            while (to < entries.size() && instances.size() < settings.workers()) {
                if (entries.get(to).instance() != null) {
                    instances.add(entries.get(to));
                }
                to++;
            }
            takeInAll(instances.stream().map(FollowedOrthanc::instance).toList());
            place = place.after(
                    entries.get(to - 1).sequence(),
                    instances.stream().map(Orthanc.Change::mark).toList());
            if (!ledger.move(settings.source(), settings.holder(), place)) {
                return false;
            }
            from = to;
        }
        seen(place);
        takeInAll(ledger.askedAgain(settings.source(), CHANGES_AT_ONCE));
        goesOn();
        return !changes.isLast();
    }

    private void seen(DicomPlace place) throws OrthancAwayException {
        long behind = Math.max(0, orthanc.lastChange() - place.sequence());
        standing.polled(clock.instant(), behind);
        dicomMetrics.polled(clock.instant(), behind);
    }

    private boolean isIn(DicomPlace place) throws OrthancAwayException {
        if (place.sequence() == 0) {
            return true;
        }
        List<DicomPlace.Mark> listed = new ArrayList<>();
        long after = place.firstMarked() - 1;
        for (boolean isThere = false; !isThere; ) {
            Orthanc.Changes changes = orthanc.changes(after, LOOK_BACK_AT_ONCE);
            isThere = changes.isLast();
            for (Orthanc.Change change : changes.entries()) {
                after = change.sequence();
                isThere |= after >= place.sequence();
                if (change.instance() != null && after <= place.sequence()) {
                    listed.add(change.mark());
                }
            }
        }
        return place.isIn(listed);
    }

    private static String instance(Orthanc.Change change) {
        if (change.instance() == null) {
            throw new IllegalArgumentException("the change " + change.sequence() + " is no new instance");
        }
        return change.instance();
    }

    /** Returns when all are accepted or refused. */
    private void takeInAll(List<String> instances) throws ClosedException {
        List<Future<?>> started = new ArrayList<>();
        for (String instance : instances) {
            started.add(workers.submit(() -> {
                takeIn(instance);
                return instance;
            }));
        }
        ClosedException isClosed = null;
        for (Future<?> each : started) {
            try {
                each.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof ClosedException)) {
                    throw new IllegalStateException("taking in an instance ended without an outcome", e.getCause());
                }
                isClosed = new ClosedException();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                isClosed = new ClosedException();
            }
        }
        if (isClosed != null) {
            throw isClosed;
        }
    }

    private void takeIn(String instance) throws ClosedException {
        DicomMapping.Reading reading = untilDone(() -> read(instance), DicomMapping.Reading.Refused::new);
        dicomMetrics.instance();
        List<DicomRefusal> refused = new ArrayList<>();
        switch (reading) {
            case DicomMapping.Reading.Refused(Problem problem) -> refuse(refused, instance, 0, problem);
            case DicomMapping.Reading.Image image -> takeIn(instance, image, refused);
        }
        untilDone(
                () -> {
                    ledger.settle(settings.source(), instance, refused);
                    return true;
                },
                problem -> false);
    }

    private void takeIn(String instance, DicomMapping.Reading.Image image, List<DicomRefusal> refused)
            throws ClosedException {
        String name = image.submission().externalId();
        for (int frame = 1; frame <= image.frames(); frame++) {
            int number = frame;
            Submission submission = image.submission().named(name == null ? null : name + "#" + frame);
            IntakeOutcome outcome =
                    untilDone(() -> takeIn(instance, number, image, submission), IntakeOutcome.Refused::new);
            switch (outcome) {
                case IntakeOutcome.Accepted accepted -> {
                    metrics.accepted(accepted, submission.priority());
                    dicomMetrics.decided(accepted.duplicate() ? FrameOutcome.DUPLICATE : FrameOutcome.ACCEPTED);
                }
                case IntakeOutcome.Refused(Problem problem) -> {
                    boolean isForAll = frame == 1
                            && (problem.field() != null
                                    || problem.code().status() == 409
                                    || problem.code() == ProblemCode.INSTANCE_GONE
                                    || !image.source().isCodedByFrame());
                    refuse(refused, instance, isForAll ? 0 : frame, problem);
                    if (isForAll) {
                        return;
                    }
                }
            }
        }
    }

    private void refuse(List<DicomRefusal> refused, String instance, int frame, Problem problem) {
        refused.add(new DicomRefusal(0, instance, frame, problem, clock.instant()));
        metrics.refused(problem.code());
        dicomMetrics.decided(FrameOutcome.REFUSED);
        LOG.warnf(
                "refused a DICOM %s, the %d. since the start: %s",
                frame == 0 ? "instance" : "frame", refusals.incrementAndGet(), problem.code());
    }

    private DicomMapping.Reading read(String instance) throws OrthancAwayException {
        return switch (orthanc.attributes(instance)) {
            case Orthanc.Answer.None none -> new DicomMapping.Reading.Refused(gone());
            case Orthanc.Answer.Refused refused -> new DicomMapping.Reading.Refused(unreadable("its attributes"));
            case Orthanc.Answer.TooLarge tooLarge -> new DicomMapping.Reading.Refused(unreadable("its attributes"));
            case Orthanc.Answer.Bytes(ByteBuffer attributes) ->
                switch (orthanc.reception(instance)) {
                    case Orthanc.Answer.Bytes(ByteBuffer reception) ->
                        mapping.read(new Attributes(Orthanc.json(attributes)), new Attributes(Orthanc.json(reception)));
                    case Orthanc.Answer.None none -> new DicomMapping.Reading.Refused(gone());
                    case Orthanc.Answer.Refused refused ->
                        new DicomMapping.Reading.Refused(unreadable("what it noted on receipt"));
                    case Orthanc.Answer.TooLarge tooLarge ->
                        new DicomMapping.Reading.Refused(unreadable("what it noted on receipt"));
                };
        };
    }

    /** One try with one frame. */
    private IntakeOutcome takeIn(String instance, int frame, DicomMapping.Reading.Image image, Submission submission)
            throws OrthancAwayException {
        FrameSource source = image.source();
        boolean isStream = source == FrameSource.JPEG_STREAM;
        long fileBytes = FramePixels.fileBytes(image.widthPx(), image.heightPx());
        if (!isStream && fileBytes > intake.largestBytes()) {
            return new IntakeOutcome.Refused(intake.tooLarge(fileBytes));
        }
        long sourceBytes = FramePixels.sourceBytes(source, image.widthPx(), image.heightPx());
        if (isStream) {
            sourceBytes = Math.min(intake.largestBytes(), sourceBytes + MOST_JPEG_METADATA_BYTES);
        }
        try (BytesInFlight.Reservation _ = admission.admit(isStream ? sourceBytes : sourceBytes + fileBytes)) {
            return switch (orthanc.frame(instance, frame - 1, source.how(), Math.toIntExact(sourceBytes))) {
                case Orthanc.Answer.Bytes(ByteBuffer content) -> accept(submission, source, content, image);
                case Orthanc.Answer.None none -> new IntakeOutcome.Refused(gone());
                case Orthanc.Answer.Refused refused -> new IntakeOutcome.Refused(unreadable("this frame"));
                case Orthanc.Answer.TooLarge tooLarge ->
                    new IntakeOutcome.Refused(
                            sourceBytes == intake.largestBytes()
                                    ? intake.tooLarge(sourceBytes + 1)
                                    : new Problem(
                                            ProblemCode.IMAGE_UNREADABLE,
                                            "The frame has more bytes of pixels than its dimensions make."));
            };
        }
    }

    private IntakeOutcome accept(
            Submission submission, FrameSource source, ByteBuffer content, DicomMapping.Reading.Image image) {
        try {
            return intake.accept(submission, FramePixels.file(source, content, image.widthPx(), image.heightPx()));
        } catch (DefectException e) {
            return new IntakeOutcome.Refused(new Problem(e.code(), e.getMessage()));
        }
    }

    /**
     * Repeats a step while what it needs is away. A step that fails though Orthanc answers before it is given up after
     * some tries: something in this instance makes it fail, and the instances behind it must not wait for ever.
     */
    private <T> T untilDone(Step<T> step, Failure<T> failure) throws ClosedException {
        int failures = 0;
        for (int attempt = 0; !pace.isClosed(); attempt++) {
            try {
                if (attempt > 0) {
                    orthanc.check();
                }
            } catch (OrthancAwayException e) {
                orthancIsAway(e);
                pace.backOff(attempt);
                continue;
            }
            try {
                T result = step.run();
                goesOn();
                return result;
            } catch (UnavailableException e) {
                heldUp(DicomStanding.State.WAITING, e.code().name());
            } catch (OrthancAwayException e) {
                orthancIsAway(e);
                if (++failures >= MOST_FAILURES) {
                    return failure.with(unreadable("a part of it, though it answers otherwise"));
                }
            } catch (RuntimeException e) {
                logFailure(e);
                if (++failures >= MOST_FAILURES) {
                    return failure.with(new Problem(ProblemCode.INTERNAL_ERROR, "The service's log says more."));
                }
            }
            pace.backOff(attempt);
        }
        throw new ClosedException();
    }

    private static Problem gone() {
        return new Problem(ProblemCode.INSTANCE_GONE, "Orthanc no longer has the instance, or the frame.");
    }

    private static Problem unreadable(String what) {
        return new Problem(ProblemCode.IMAGE_UNREADABLE, "Orthanc has the instance and cannot give " + what + ".");
    }

    private void orthancIsAway(OrthancAwayException e) {
        heldUp(DicomStanding.State.ORTHANC_AWAY, "Orthanc is away: " + e.getMessage());
    }

    /** Said once for each time that something holds the door up. */
    private void heldUp(DicomStanding.State state, String why) {
        standing.is(state);
        dicomMetrics.follows(false);
        if (!isHeldUp.getAndSet(true)) {
            LOG.warnf("DICOM waits, nothing of it is lost: %s", why);
        }
    }

    private void goesOn() {
        standing.is(DicomStanding.State.FOLLOWING);
        dicomMetrics.follows(true);
        if (isHeldUp.getAndSet(false)) {
            LOG.info("DICOM goes on");
        }
    }

    /** Its message may quote an attribute. */
    private static void logFailure(RuntimeException e) {
        LOG.errorf(
                "taking in a DICOM instance failed: %s at %s",
                e.getClass().getName(), e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
    }
}
