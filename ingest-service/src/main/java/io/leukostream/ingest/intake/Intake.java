package io.leukostream.ingest.intake;

import io.leukostream.ingest.domain.Acceptance;
import io.leukostream.ingest.domain.ImageHeader;
import io.leukostream.ingest.domain.ImageId;
import io.leukostream.ingest.domain.ImageInspector;
import io.leukostream.ingest.domain.Inspection;
import io.leukostream.ingest.domain.IntakeOutcome;
import io.leukostream.ingest.domain.LogPosition;
import io.leukostream.ingest.domain.Priority;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.ReceivedImage;
import io.leukostream.ingest.domain.Registrant;
import io.leukostream.ingest.domain.Registration;
import io.leukostream.ingest.domain.Specimen;
import io.leukostream.ingest.domain.Submission;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.messaging.EventPublisher;
import io.leukostream.ingest.sanitising.Sanitiser;
import io.leukostream.ingest.sanitising.Sanitising;
import io.leukostream.ingest.vault.Merges;
import io.leukostream.ingest.vault.Vault;
import io.leukostream.schemas.Identity;
import io.leukostream.schemas.ImageLimit;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;

/**
 * Accepts images and specimens. Every method blocks until the outcome is durable; any number of threads may call.
 *
 * <p>Each method throws {@link UnavailableException} if event log, registry or vault is away; nothing was accepted then,
 * though records without a mark may lie in the log.
 */
public final class Intake {
    private static final int FIRST_ATTEMPT = 1;

    private record Lane(ImageId imageId, Priority priority) {}

    private final ImageLimit limit;
    private final ImageInspector inspector;
    private final Sanitiser sanitiser = new Sanitiser();
    private final Vault vault;
    private final EventPublisher publisher;
    private final ImageLog log;
    private final SpecimenRecords records;
    private final Clock clock;
    private final SingleFlight<Lane, IntakeOutcome.Accepted> images = new SingleFlight<>();
    private final SingleFlight<Specimen, Specimen> specimens = new SingleFlight<>();

    public Intake(
            ImageLimit limit,
            ImageInspector inspector,
            Vault vault,
            Merges merges,
            EventPublisher publisher,
            ImageLog log,
            Clock clock) {
        this.limit = limit;
        this.inspector = inspector;
        this.vault = vault;
        this.publisher = publisher;
        this.log = log;
        this.records = new SpecimenRecords(vault, merges, publisher);
        this.clock = clock;
    }

    /**
     * Accepts an image, once for each lane: sent again as STAT it also takes the faster lane, under the same id. What
     * is named and published is the file without its embedded metadata.
     *
     * @param bytes the file, from position to limit; must not change any more
     */
    public IntakeOutcome accept(Submission submission, ByteBuffer bytes) {
        if (bytes.remaining() > limit.imageBytes()) {
            return new IntakeOutcome.Refused(tooLarge(bytes.remaining()));
        }
        return switch (inspector.inspect(bytes)) {
            case Inspection.Refused refused -> new IntakeOutcome.Refused(refused.problem());
            case Inspection.Sound(ImageHeader header) ->
                switch (sanitise(header, bytes)) {
                    case Sanitising.Refused refused -> new IntakeOutcome.Refused(refused.problem());
                    case Sanitising.Clean clean -> accept(submission, header, clean.bytes());
                };
        };
    }

    /** The problem with a file of so many bytes, for a door that need not read it to know. */
    public Problem tooLarge(long bytes) {
        return new Problem(
                ProblemCode.IMAGE_TOO_LARGE,
                "The image has " + bytes + " bytes; allowed are " + limit.imageBytes() + ".");
    }

    /** The largest file that is accepted, bytes. */
    public int largestBytes() {
        return limit.imageBytes();
    }

    /** Registers a specimen and makes sure that the event log knows it. */
    public Registration register(Registrant registrant) {
        Registration registration = vault.register(registrant, now());
        if (registration instanceof Registration.Registered(Specimen specimen, boolean published) && !published) {
            specimens.run(specimen, () -> {
                records.publish(specimen.specimenId());
                return specimen;
            });
        }
        return registration;
    }

    private Sanitising sanitise(ImageHeader header, ByteBuffer bytes) {
        Sanitising sanitising = sanitiser.sanitise(header.mediaType(), bytes);
        boolean isAnotherImage = sanitising instanceof Sanitising.Clean(ByteBuffer clean, boolean rewritten)
                && rewritten
                && !inspector.inspect(clean).equals(new Inspection.Sound(header));
        return isAnotherImage
                ? new Sanitising.Refused(new Problem(
                        ProblemCode.METADATA_NOT_REMOVABLE, "Without its metadata the file would be no whole image."))
                : sanitising;
    }

    private IntakeOutcome accept(Submission submission, ImageHeader header, ByteBuffer bytes) {
        return switch (register(submission.registrant())) {
            case Registration.Conflict conflict -> new IntakeOutcome.Refused(conflict.problem());
            case Registration.Registered registered -> accept(registered.specimen(), header, submission, bytes);
        };
    }

    private IntakeOutcome accept(Specimen specimen, ImageHeader header, Submission submission, ByteBuffer bytes) {
        ImageId imageId = new ImageId(Identity.imageId(specimen.specimenId().value(), bytes));
        var result = images.run(new Lane(imageId, submission.priority()), () -> {
            Map<Priority, Acceptance> before = vault.acceptances(imageId);
            Instant receivedAt = now();
            if (isGone(before.values())) {
                int attempt = 1
                        + before.values().stream()
                                .mapToInt(Acceptance::attempt)
                                .max()
                                .orElse(0);
                publish(new ReceivedImage(
                        imageId, attempt, specimen, header, sha256(bytes), submission, receivedAt, bytes));
                return new IntakeOutcome.Accepted(imageId, specimen, false, receivedAt);
            }
            // What took the faster lane has no need of the slower one.
            boolean isThrough = before.containsKey(submission.priority()) || before.containsKey(Priority.STAT);
            if (!isThrough) {
                publish(new ReceivedImage(
                        imageId, FIRST_ATTEMPT, specimen, header, sha256(bytes), submission, receivedAt, bytes));
            }
            return new IntakeOutcome.Accepted(
                    imageId,
                    specimen,
                    !before.isEmpty(),
                    before.values().stream()
                            .map(Acceptance::receivedAt)
                            .min(Instant::compareTo)
                            .orElse(receivedAt));
        });
        IntakeOutcome.Accepted accepted = result.value();
        return result.shared() ? new IntakeOutcome.Accepted(imageId, specimen, true, accepted.receivedAt()) : accepted;
    }

    /**
     * Whether the image was accepted and the log holds it by no lane any more. Nobody here knows whether inference saw it
     * before it expired; sent again it is a further attempt, and counts once in any case.
     */
    private boolean isGone(Collection<Acceptance> acceptances) {
        return !acceptances.isEmpty()
                && acceptances.stream().allMatch(each -> {
                    LogPosition position = each.position();
                    return position != null && !log.holds(position);
                });
    }

    private void publish(ReceivedImage image) {
        LogPosition position = publisher.publish(image);
        publisher.publishReceipt(image, position);
        vault.markAccepted(image, position);
    }

    /** To the millisecond, as the records carry it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.duplicate());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
