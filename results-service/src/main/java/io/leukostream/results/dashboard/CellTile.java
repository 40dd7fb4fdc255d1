package io.leukostream.results.dashboard;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One cell of a gallery.
 *
 * @param cellId code of the cell
 * @param imageId code of the image it was found in
 * @param xPx left edge of its box in the image, px
 * @param yPx upper edge, px
 * @param widthPx width, px
 * @param heightPx height, px
 * @param probability that it is a blast, by the model, in figures
 * @param call the model's call, in words
 * @param tone colour and icon of the call
 * @param gate why it is not counted, in words; null where it counts
 * @param label a reviewer's label, in words; null where there is none
 * @param reviewer who gave it; null where there is none
 */
public record CellTile(
        String cellId,
        String imageId,
        int xPx,
        int yPx,
        int widthPx,
        int heightPx,
        String probability,
        String call,
        String tone,
        @Nullable String gate,
        @Nullable String label,
        @Nullable Reviewer reviewer) {

    /** A label or call in words. */
    static String labelWords(String label) {
        return switch (label) {
            case "BLAST" -> "Blast";
            case "NOT_BLAST" -> "Not blast";
            case "NOT_A_CELL" -> "Not a cell";
            default -> label;
        };
    }

    /** Colour and icon of a call. */
    static String toneOf(String label) {
        return "BLAST".equals(label) ? "blast" : "other";
    }

    /** The reason of a gate as words: its code says it already. */
    static String gateWords(String gate) {
        return gate.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
