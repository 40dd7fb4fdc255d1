package io.leukostream.standalone.accounting;

import java.util.List;
import java.util.Map;

/**
 * The accounting's result.
 *
 * @param received images with a receipt, an outcome or a record in the log
 * @param classified images whose outcome is a classification
 * @param rejected images whose outcome is a rejection
 * @param rejectedByReason the same, by reason code
 * @param pending images that inference has not reached yet
 * @param lost images that inference has passed, or that only a receipt tells of, without outcome
 * @param doubled specimens whose tally counts more than there is, with the images in question
 * @param uncounted specimens whose tally counts less than there is
 * @param unknownSpecimens specimens that have images and were never registered
 */
public record Balance(
        int received,
        int classified,
        int rejected,
        Map<String, Integer> rejectedByReason,
        List<String> pending,
        List<String> lost,
        List<String> doubled,
        List<String> uncounted,
        List<String> unknownSpecimens) {
    public Balance {
        rejectedByReason = Map.copyOf(rejectedByReason);
        pending = List.copyOf(pending);
        lost = List.copyOf(lost);
        doubled = List.copyOf(doubled);
        uncounted = List.copyOf(uncounted);
        unknownSpecimens = List.copyOf(unknownSpecimens);
    }

    /** Whether every image is accounted for. */
    public boolean isSound() {
        return lost.isEmpty() && doubled.isEmpty() && uncounted.isEmpty();
    }
}
