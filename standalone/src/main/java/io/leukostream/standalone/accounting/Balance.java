package io.leukostream.standalone.accounting;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
 * @param oldestPendingAt when the oldest pending image was received, RFC 3339; null where none is pending
 * @param scanners by scanner, images without an alias last
 * @param days by day of receipt, the newest first
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
        List<String> unknownSpecimens,
        @Nullable String oldestPendingAt,
        List<ScannerLine> scanners,
        List<DayLine> days) {
    public Balance {
        rejectedByReason = Map.copyOf(rejectedByReason);
        pending = List.copyOf(pending);
        lost = List.copyOf(lost);
        doubled = List.copyOf(doubled);
        uncounted = List.copyOf(uncounted);
        unknownSpecimens = List.copyOf(unknownSpecimens);
        scanners = List.copyOf(scanners);
        days = List.copyOf(days);
    }

    /**
     * The images of one scanner.
     *
     * @param scanner the site's alias; null for images that came without one
     * @param received with those that were lost
     * @param oldestPendingAt when the oldest pending one was received, RFC 3339; null where none is pending
     */
    public record ScannerLine(
            @Nullable String scanner,
            int received,
            int classified,
            int rejected,
            Map<String, Integer> rejectedByReason,
            int pending,
            @Nullable String oldestPendingAt) {}

    /**
     * The images that were received on one day.
     *
     * @param day UTC, yyyy-MM-dd
     * @param received with those that were lost
     * @param oldestPendingAt when the oldest pending one was received, RFC 3339; null where none is pending
     */
    public record DayLine(
            String day,
            int received,
            int classified,
            int rejected,
            Map<String, Integer> rejectedByReason,
            int pending,
            @Nullable String oldestPendingAt) {}

    /** Whether every image is accounted for. */
    public boolean isSound() {
        return lost.isEmpty() && doubled.isEmpty() && uncounted.isEmpty();
    }
}
