package io.leukostream.inference.pipeline;

import io.leukostream.inference.domain.CellCall;
import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.ImageHead;
import io.leukostream.inference.domain.ImagePreparer;
import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.inference.domain.ModelDescription;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Outcome.CalledCell;
import io.leukostream.inference.domain.Outcome.Rejected;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.PreparedCell;
import io.leukostream.inference.domain.ReceivedImage;
import io.leukostream.inference.domain.RejectionReason;
import io.leukostream.schemas.Identity;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The steps of one image: before the network (read, check, prepare) and after it (call, assemble). An image that fails in
 * a way nobody foresaw is tried once more and then rejected, so that it costs itself alone.
 */
public final class Inspector {
    private static final Logger LOG = Logger.getLogger(Inspector.class);
    /** What an evidence record holds besides the pictures of one cell. */
    private static final int RECORD_BYTES_PER_CELL = 128;

    private static final int RECORD_BYTES = 1024;

    private final ImagePreparer preparer;
    private final ModelDescription model;
    private final int maxImageBytes;
    private final int maxEvidenceBytes;

    /**
     * @param maxImageBytes the largest file
     * @param maxEvidenceBytes the largest evidence record
     */
    public Inspector(ImagePreparer preparer, ModelDescription model, int maxImageBytes, int maxEvidenceBytes) {
        this.preparer = preparer;
        this.model = model;
        this.maxImageBytes = maxImageBytes;
        this.maxEvidenceBytes = maxEvidenceBytes;
    }

    /**
     * The steps before the network.
     *
     * @throws InfrastructureException if something around the image failed
     */
    Inspected inspect(Delivery delivery) {
        try {
            return inspectOnce(delivery);
        } catch (InfrastructureException e) {
            throw e;
        } catch (RuntimeException first) {
            try {
                return inspectOnce(delivery);
            } catch (InfrastructureException e) {
                throw e;
            } catch (RuntimeException second) {
                LOG.errorf(second, "Processing failed twice: %s", delivery.source());
                return new Inspected.Ended(failed(delivery));
            }
        }
    }

    private Inspected inspectOnce(Delivery delivery) {
        return switch (delivery.open()) {
            case Delivery.Opened.Unusable(Rejected rejected) -> new Inspected.Ended(rejected);
            case Delivery.Opened.Image(ReceivedImage image) -> {
                Optional<Rejected> fault = fault(delivery, image);
                yield fault.isPresent() ? new Inspected.Ended(fault.get()) : prepare(delivery, image);
            }
        };
    }

    private Inspected prepare(Delivery delivery, ReceivedImage image) {
        return switch (preparer.prepare(image)) {
            case Preparation.Refused(RejectionReason reason, String detail) ->
                new Inspected.Ended(Rejected.of(delivery.source(), image.head(), reason, detail));
            case Preparation.Prepared prepared
            when evidenceBytes(prepared) > maxEvidenceBytes ->
                new Inspected.Ended(Rejected.of(
                        delivery.source(),
                        image.head(),
                        RejectionReason.EVIDENCE_TOO_LARGE,
                        "The crops of %d cells exceed what a record may hold."
                                .formatted(prepared.cells().size())));
            case Preparation.Prepared prepared -> new Inspected.Prepared(image.head(), prepared);
        };
    }

    private static long evidenceBytes(Preparation.Prepared image) {
        byte[] display = image.displayJpeg();
        long bytes = RECORD_BYTES;
        if (display != null) {
            bytes += display.length;
        }
        for (PreparedCell cell : image.cells()) {
            bytes += RECORD_BYTES_PER_CELL + (long) cell.cropJpeg().length;
        }
        return bytes;
    }

    private Optional<Rejected> fault(Delivery delivery, ReceivedImage image) {
        ImageHead head = image.head();
        int bytes = image.file().remaining();
        if (bytes > maxImageBytes) {
            return Optional.of(Rejected.of(
                    delivery.source(),
                    head,
                    RejectionReason.IMAGE_TOO_LARGE,
                    "The file has %d bytes; %d are allowed.".formatted(bytes, maxImageBytes)));
        }
        if (!sha256(image).equals(head.contentSha256())) {
            return Optional.of(Rejected.of(
                    delivery.source(),
                    head,
                    RejectionReason.IMAGE_CHECKSUM_MISMATCH,
                    "The bytes are not those that the record's SHA-256 was made of."));
        }
        if (!Identity.imageId(head.specimenId(), image.file()).equals(head.imageId())) {
            return Optional.of(Rejected.of(
                    delivery.source(),
                    head,
                    RejectionReason.IMAGE_ID_MISMATCH,
                    "The image id is not the one that follows from specimen and bytes."));
        }
        return Optional.empty();
    }

    private static String sha256(ReceivedImage image) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(image.file().duplicate());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The rejection of a delivery that failed in a way nobody foresaw. */
    static Rejected failed(Delivery delivery) {
        String detail = "Processing failed in a way that nobody foresaw; the log of inference has the cause.";
        try {
            return switch (delivery.open()) {
                case Delivery.Opened.Image(ReceivedImage image) ->
                    Rejected.of(delivery.source(), image.head(), RejectionReason.PROCESSING_FAILED, detail);
                case Delivery.Opened.Unusable(Rejected rejected) -> rejected;
            };
        } catch (InfrastructureException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.errorf(e, "Not even the record could be opened: %s", delivery.source());
            return delivery.rejected(RejectionReason.PROCESSING_FAILED, detail);
        }
    }

    /** An image before the network, and the delivery that it came by. */
    record Waiting(Batch batch, int index, Inspected.Prepared image) {
        Delivery delivery() {
            return batch.deliveries().get(index);
        }
    }

    /**
     * Runs the network over the cells of some images and finishes each in its batch.
     *
     * @throws InfrastructureException if the network could not be run; then none that needed it is finished
     */
    void classify(List<Waiting> images, CellClassifier classifier) {
        List<PreparedCell> cells = new ArrayList<>();
        for (Waiting waiting : images) {
            cells.addAll(waiting.image().image().cells());
        }
        float[] answers = new float[cells.size() * model.columns()];
        for (int from = 0; from < cells.size(); from += classifier.maxCells()) {
            List<PreparedCell> some = cells.subList(from, Math.min(cells.size(), from + classifier.maxCells()));
            float[] answer = classifier.answers(some);
            System.arraycopy(answer, 0, answers, from * model.columns(), answer.length);
        }
        int at = 0;
        for (Waiting waiting : images) {
            waiting.batch().finish(waiting.index(), outcome(waiting, answers, at));
            at += waiting.image().image().cells().size();
        }
    }

    private Outcome outcome(Waiting waiting, float[] answers, int first) {
        Delivery delivery = waiting.delivery();
        Preparation.Prepared image = waiting.image().image();
        try {
            List<CalledCell> called = new ArrayList<>(image.cells().size());
            int at = first * model.columns();
            for (PreparedCell cell : image.cells()) {
                CellCall call = model.call(waiting.image().head().kind(), cell.areaMicrometres2(), answers, at);
                called.add(new CalledCell(
                        cell.box(),
                        cell.areaMicrometres2(),
                        call.blast(),
                        call.blastProbability(),
                        call.type(),
                        cell.gate() == null ? call.gate() : cell.gate(),
                        cell.gate() == null && call.doubtful(),
                        cell.cropJpeg()));
                at += model.columns();
            }
            return new Outcome.Classified(
                    delivery.source(),
                    waiting.image().head(),
                    image.quality(),
                    called,
                    image.displayJpeg(),
                    image.displayScale());
        } catch (ArithmeticException e) {
            LOG.errorf(e, "The network gave no finite answer: %s", delivery.source());
            return failed(delivery);
        }
    }
}
