package io.leukostream.standalone.requeue;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which images are to be sent again.
 *
 * @param specimenId only images of this specimen, beside those that are named; null for all
 * @param reasons images that were rejected for one of these
 * @param pending images without outcome
 * @param imageIds images by name
 */
public record Wanted(@Nullable String specimenId, Set<String> reasons, boolean pending, Set<String> imageIds) {
    public Wanted {
        reasons = Set.copyOf(reasons);
        imageIds = Set.copyOf(imageIds);
        if (specimenId == null && reasons.isEmpty() && !pending && imageIds.isEmpty()) {
            throw new IllegalArgumentException("nothing says which images");
        }
    }

    /** Whether a rejected image is meant. A specimen alone means all its rejected ones. */
    boolean meansRejected(String ofSpecimen, String reason) {
        return isIn(ofSpecimen) && (reasons.contains(reason) || (reasons.isEmpty() && !pending && specimenId != null));
    }

    /** Whether a pending image is meant. */
    boolean meansPending(String ofSpecimen) {
        return isIn(ofSpecimen) && pending;
    }

    private boolean isIn(String ofSpecimen) {
        return specimenId == null || specimenId.equals(ofSpecimen);
    }
}
