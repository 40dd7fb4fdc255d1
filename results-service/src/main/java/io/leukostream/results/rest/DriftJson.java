package io.leukostream.results.rest;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the scanners do day by day. It calls for attention and never changes a verdict.
 *
 * @param attentionAt distance, in standard errors, at and above which a day calls for attention
 * @param referenceDays how many days back the earlier days reach
 * @param leastSpecimens fewer specimens on the earlier days are not compared with
 * @param items one for each scanner and UTC day, the newest first
 */
public record DriftJson(double attentionAt, int referenceDays, int leastSpecimens, List<Day> items) {
    public DriftJson {
        items = List.copyOf(items);
    }

    /**
     * One day of one scanner.
     *
     * @param scanner the site's alias; null where it was not stated
     * @param images classified
     * @param rejected images that could not be used
     * @param cells found
     * @param counted cells that no gate refused
     * @param gated the others by reason, the most frequent first
     * @param types the counted cells by type
     * @param referenceSpecimens how many specimens of earlier days it is compared with
     * @param drift the largest distance, whatever its sign; null where there is none
     */
    public record Day(
            @Nullable String scanner,
            LocalDate day,
            int specimens,
            int images,
            int rejected,
            int cells,
            int counted,
            List<GateShare> gated,
            List<TypeShare> types,
            Figure focus,
            Figure brightness,
            Figure blastProbability,
            int referenceSpecimens,
            @Nullable Double drift,
            boolean attention) {
        public Day {
            gated = List.copyOf(gated);
            types = List.copyOf(types);
        }
    }

    /** Cells that a gate refused: their reason, how many, and their share of the cells found, 0..1. */
    public record GateShare(String reason, int cells, double share) {}

    /**
     * A figure of a day.
     *
     * @param mean over its images, or for the blast probability over its counted cells; null without any
     * @param distance of the day's specimens from those of the earlier days, in standard errors, 0 where they agree; null
     *     where there is too little to compare
     */
    public record Figure(@Nullable Double mean, @Nullable Double distance) {}
}
