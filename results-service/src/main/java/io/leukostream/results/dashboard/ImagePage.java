package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One image from its receipt to its outcome.
 *
 * @param imageId code of the image
 * @param specimenId code of its specimen
 * @param patientId code of the patient; null where the specimen is not registered
 * @param verdict the state of its specimen; null where that is not registered
 * @param outcome CLASSIFIED, REJECTED or PENDING
 * @param receipt its receipt; null where a scanner published it without one
 * @param coordinates where the image lies in the log; null where nothing tells
 * @param decided when the outcome was made; null while pending
 * @param model the model; null while pending
 * @param reason why it was rejected, as a code; null otherwise
 * @param detail why, in a sentence; null otherwise
 * @param advice what the code means; null where there is none, or it is unknown here
 * @param sentAgain the attempt that waits while an earlier one was rejected; null where there is none
 * @param field the picture of the field; null where the image shows one cell
 * @param cells the cells found
 * @param doubtful whether one of them is
 */
public record ImagePage(
        String imageId,
        String specimenId,
        @Nullable String patientId,
        @Nullable StateWords verdict,
        String outcome,
        @Nullable Receipt receipt,
        @Nullable String coordinates,
        @Nullable Moment decided,
        @Nullable String model,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable Advice advice,
        @Nullable Integer sentAgain,
        @Nullable Field field,
        List<CellTile> cells,
        boolean doubtful)
        implements TemplateInstance {

    /** Takes a copy of the list. */
    public ImagePage {
        cells = List.copyOf(cells);
    }

    /**
     * That the image was accepted.
     *
     * @param received when
     * @param priority the lane
     * @param sizeKibibytes size of the file, KiB
     */
    public record Receipt(Moment received, String priority, long sizeKibibytes) {}

    /**
     * The size of a field, px: the scale of its cells' boxes.
     *
     * @param widthPx width, px
     * @param heightPx height, px
     * @param letterPx size of the letters beside a box, px of the field
     */
    public record Field(int widthPx, int heightPx, int letterPx) {
        /** As large as a field of 1600 px can be read with on a page. */
        private static final int LETTERS_ACROSS = 80;

        static Field of(int widthPx, int heightPx) {
            return new Field(widthPx, heightPx, Math.max(1, Math.max(widthPx, heightPx) / LETTERS_ACROSS));
        }
    }
}
