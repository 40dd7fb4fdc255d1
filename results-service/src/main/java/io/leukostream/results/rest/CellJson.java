package io.leukostream.results.rest;

import org.jspecify.annotations.Nullable;

/**
 * A cell as the gallery shows it.
 *
 * @param label the model's call, BLAST or NOT_BLAST
 * @param blastProbability calibrated, rounded to 1e-4
 * @param cellType by the model; null where it gives none
 * @param gate why the cell is not counted; null where it counts
 * @param doubtful whether a person should look at it: it counts, and is like cells that experts could not identify,
 *     or in fine detail unlike those learned from
 * @param reviewLabel BLAST, NOT_BLAST or NOT_A_CELL by a person; null where nobody labelled it
 * @param reviewer who gave the label; null where nobody did
 */
public record CellJson(
        String cellId,
        String imageId,
        Box box,
        double areaMicrometres2,
        String label,
        double blastProbability,
        @Nullable String cellType,
        @Nullable String gate,
        boolean doubtful,
        @Nullable String reviewLabel,
        @Nullable String reviewer,
        String cropUrl) {
    /** Where the cell lies in the stored image, px. */
    public record Box(int x, int y, int width, int height) {}
}
