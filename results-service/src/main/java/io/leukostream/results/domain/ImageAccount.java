package io.leukostream.results.domain;

import java.time.LocalDate;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the images of one specimen stand that one scanner sent and that were received on one day.
 *
 * @param scanner the site's alias; null where it was not stated
 * @param day UTC day on which the images were received
 * @param received by receipt or by outcome
 * @param rejectedByReason images whose outcome is a rejection, by its code
 */
public record ImageAccount(
        @Nullable String scanner,
        LocalDate day,
        String specimenId,
        int received,
        int classified,
        SortedMap<String, Integer> rejectedByReason) {
    public ImageAccount {
        rejectedByReason = new TreeMap<>(rejectedByReason);
        if (classified < 0
                || rejectedByReason.values().stream().anyMatch(images -> images < 1)
                || received < classified + Counts.total(rejectedByReason)) {
            throw new IllegalArgumentException("more outcomes than images, or fewer than none: " + received
                    + " received, " + classified + " classified, rejected " + rejectedByReason);
        }
    }

    /** The account of one image. */
    public static ImageAccount of(
            @Nullable String scanner, LocalDate day, String specimenId, @Nullable ImageOutcome outcome) {
        TreeMap<String, Integer> reasons = new TreeMap<>();
        if (outcome instanceof ImageOutcome.Rejected rejected) {
            reasons.put(rejected.reason(), 1);
        }
        return new ImageAccount(
                scanner, day, specimenId, 1, outcome instanceof ImageOutcome.Classified ? 1 : 0, reasons);
    }

    /** Images whose outcome is a rejection. */
    public int rejected() {
        return Counts.total(rejectedByReason);
    }

    /** Images without outcome. */
    public int pending() {
        return received - classified - rejected();
    }

    /** With the images of another account of the same scanner, day and specimen. */
    public ImageAccount plus(ImageAccount other) {
        return new ImageAccount(
                scanner,
                day,
                specimenId,
                received + other.received,
                classified + other.classified,
                Counts.sum(rejectedByReason, other.rejectedByReason, 1));
    }

    /**
     * Without the images of another account.
     *
     * @throws IllegalArgumentException if they are not among these
     */
    public ImageAccount minus(ImageAccount other) {
        return new ImageAccount(
                scanner,
                day,
                specimenId,
                received - other.received,
                classified - other.classified,
                Counts.sum(rejectedByReason, other.rejectedByReason, -1));
    }
}
