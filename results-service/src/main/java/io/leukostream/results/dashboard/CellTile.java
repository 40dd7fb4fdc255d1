package io.leukostream.results.dashboard;

import java.util.ArrayList;
import java.util.List;
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
 * @param type the type by the model, in words; null where it gave none
 * @param gate why it is not counted, in words; null where it counts
 * @param doubtful whether it counts and a person should look at it
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
        @Nullable String type,
        @Nullable String gate,
        boolean doubtful,
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

    /** A cell type as words: its code says it already. */
    static String typeWords(String type) {
        String words = type.toLowerCase(Locale.ROOT).replace('_', ' ');
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /**
     * A line of words beside the cell's box.
     *
     * @param x where it is anchored, px of the field
     * @param y its baseline
     * @param anchor SVG's word for which end of it lies there
     */
    public record BoxLine(String words, int x, int y, String anchor) {}

    /** What stands beside the cell's box: its type or call, and why it does not count; within the field. */
    public List<BoxLine> boxLines(ImagePage.Field field) {
        List<String> words = new ArrayList<>();
        words.add((type == null ? call : type) + (doubtful ? "?" : ""));
        if (gate != null) {
            words.add(gate);
        }
        int pitch = field.letterPx() * 6 / 5;
        int height = words.size() * pitch;
        boolean above = yPx >= height;
        int first = above ? yPx - height + field.letterPx() * 3 / 4 : yPx + heightPx + pitch;
        if (!above && first + height > field.heightPx()) {
            first = yPx + pitch;
        }
        // A label grows away from the edge that its box is nearer to.
        boolean left = xPx + widthPx / 2 <= field.widthPx() / 2;
        List<BoxLine> lines = new ArrayList<>();
        for (String line : words) {
            lines.add(new BoxLine(
                    line, left ? xPx : xPx + widthPx, first + lines.size() * pitch, left ? "start" : "end"));
        }
        return lines;
    }

    /** The model's call within a sentence, with its probability and type, and why the cell is not counted. */
    public String callWords() {
        return call.toLowerCase(Locale.ROOT) + " (" + probability
                + (type == null ? "" : ", " + type.toLowerCase(Locale.ROOT)) + ")"
                + (doubtful ? ", doubtful" : "")
                + (gate == null ? "" : ", not counted: " + gate);
    }

    /** Everything about the cell in one sentence, for those who do not see its box. */
    public String sentence() {
        return (type == null ? "Cell" : type) + ", called " + call.toLowerCase(Locale.ROOT) + ", probability "
                + probability + (doubtful ? ", doubtful" : "") + (gate == null ? "" : ", not counted: " + gate)
                + (label == null ? "" : ", labelled " + label.toLowerCase(Locale.ROOT));
    }
}
