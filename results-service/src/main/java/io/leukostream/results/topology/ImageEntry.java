package io.leukostream.results.topology;

import io.leukostream.events.ImageClassified;
import io.leukostream.events.ImageReceipt;
import io.leukostream.events.ImageRejected;
import io.leukostream.results.domain.ImageState;
import io.leukostream.results.domain.SpecimenTally;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds of one image: its receipt and the outcome that counts, at most one of {@code classified} and
 * {@code rejected}.
 */
public record ImageEntry(
        @Nullable ImageReceipt receipt,
        @Nullable ImageClassified classified,
        @Nullable ImageRejected rejected) {
    static final ImageEntry EMPTY = new ImageEntry(null, null, null);

    public ImageEntry {
        if (classified != null && rejected != null) {
            throw new IllegalArgumentException("an image has one outcome, " + classified.getImageId() + " two");
        }
    }

    /** With a receipt; of several the one of the highest attempt. */
    ImageEntry with(ImageReceipt candidate) {
        return receipt == null || candidate.getAttempt() > receipt.getAttempt()
                ? new ImageEntry(candidate, classified, rejected)
                : this;
    }

    /** With an outcome, if it counts before the one there. */
    public ImageEntry with(ImageClassified candidate) {
        ImageState now = state();
        return now.withOutcome(DomainValues.outcome(candidate)).equals(now)
                ? this
                : new ImageEntry(receipt, candidate, null);
    }

    /** With an outcome, if it counts before the one there. */
    public ImageEntry with(ImageRejected candidate) {
        ImageState now = state();
        return now.withOutcome(DomainValues.outcome(candidate)).equals(now)
                ? this
                : new ImageEntry(receipt, null, candidate);
    }

    /** As the domain sees it. */
    public ImageState state() {
        if (classified != null) {
            return new ImageState(receipt != null, DomainValues.outcome(classified));
        }
        return new ImageState(receipt != null, rejected == null ? null : DomainValues.outcome(rejected));
    }

    /** The sums over some images of one specimen. */
    public static SpecimenTally tally(Collection<ImageEntry> images) {
        SpecimenTally tally = SpecimenTally.EMPTY;
        for (ImageEntry image : images) {
            tally = tally.replace(ImageState.UNKNOWN, image.state());
        }
        return tally;
    }

    /** SHA-256 of the image's bytes; null where no outcome says it. */
    @Nullable
    String contentSha256() {
        if (classified != null) {
            return classified.getContentSha256();
        }
        return rejected == null ? null : rejected.getContentSha256();
    }
}
