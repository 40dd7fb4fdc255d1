package io.leukostream.results.domain;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one image.
 *
 * @param receipted whether its receipt was seen
 * @param outcome the outcome that counts; null where none was seen
 */
public record ImageState(boolean receipted, @Nullable ImageOutcome outcome) {
    /** Nothing yet. */
    public static final ImageState UNKNOWN = new ImageState(false, null);

    /** With its receipt. */
    public ImageState withReceipt() {
        return receipted ? this : new ImageState(true, outcome);
    }

    /** With the outcome if it counts before the one there; the same object where it does not. */
    public ImageState withOutcome(ImageOutcome candidate) {
        return outcome == null || ImageOutcome.ORDER.compare(candidate, outcome) > 0
                ? new ImageState(receipted, candidate)
                : this;
    }

    /** Whether the image counts as received: by its receipt or by its outcome. */
    public boolean received() {
        return receipted || outcome != null;
    }
}
