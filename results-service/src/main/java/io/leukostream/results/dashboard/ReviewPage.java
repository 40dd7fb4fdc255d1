package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The review of a specimen by random draw: one cell at a time, one key a label, and how the interval shrinks.
 *
 * @param specimenId code of the specimen
 * @param patientId code of its patient
 * @param subject material and kind, in words
 * @param state the specimen's state
 * @param pending images without outcome yet; their cells will be in no frame that is open now
 * @param reader who reads; null before anybody said so
 * @param outgrown whether cells were found since the last frame was opened
 * @param frameCells cells in the frozen frame; 0 before it is opened
 * @param cell the cell to label; null where there is none, or no frame, or no reader
 * @param last what this reader labelled last; null before the first
 * @param progress how far the labels are; null before the frame is opened
 * @param primaryReader whose labels count; null before the first
 * @param readings two readers beside each other
 * @param history what this reader said last, newest first; nobody else's labels are shown here
 * @param older how much more this reader said
 * @param problem why the last label was refused; null where it was not
 */
public record ReviewPage(
        String specimenId,
        String patientId,
        String subject,
        StateWords state,
        int pending,
        @Nullable Reader reader,
        boolean outgrown,
        int frameCells,
        @Nullable Cell cell,
        @Nullable Last last,
        @Nullable Progress progress,
        @Nullable String primaryReader,
        List<DoubleReadingPanel> readings,
        List<LabelLine> history,
        int older,
        @Nullable String problem)
        implements TemplateInstance {

    /** Takes copies of the lists. */
    public ReviewPage {
        readings = List.copyOf(readings);
        history = List.copyOf(history);
    }

    /** Where a reader goes on. */
    static String address(String specimenId, String reviewer, boolean blinded) {
        return "/specimens/" + specimenId + "/review?reviewer=" + URLEncoder.encode(reviewer, StandardCharsets.UTF_8)
                + "&blind=" + (blinded ? "on" : "off");
    }

    /**
     * Who reads.
     *
     * @param name the name that was entered
     * @param blinded whether the model's call is hidden until the label is given
     * @param primary whether the labels move the interval
     * @param otherwise where the same reader goes on with the call shown, or hidden
     */
    public record Reader(String name, boolean blinded, boolean primary, String otherwise) {
        /** Whether the call is hidden, as the forms say it. */
        public String blind() {
            return blinded ? "on" : "off";
        }
    }

    /**
     * The cell to label.
     *
     * @param cellId code of the cell
     * @param number which draw it is, from 1
     * @param around what surrounds it in its field; null where the image shows this cell alone
     * @param call the model's call in words; null while it is hidden
     */
    public record Cell(
            String cellId,
            int number,
            @Nullable Surroundings around,
            @Nullable String call) {}

    /**
     * A part of a field with a box around one cell, px of the field.
     *
     * @param imageId code of the field
     * @param fieldWidthPx the whole field's width
     * @param fieldHeightPx its height
     * @param x left end of the part
     * @param y its upper end
     * @param side length of its sides
     * @param boxX left end of the box
     * @param boxY its upper end
     * @param boxWidth its width
     * @param boxHeight its height
     */
    public record Surroundings(
            String imageId,
            int fieldWidthPx,
            int fieldHeightPx,
            int x,
            int y,
            int side,
            int boxX,
            int boxY,
            int boxWidth,
            int boxHeight) {

        private static final int TIMES_THE_CELL = 4;

        /** So much around the cell that its neighbours are seen, within the field. */
        static Surroundings of(
                String imageId, int fieldWidthPx, int fieldHeightPx, int x, int y, int width, int height) {
            int side = Math.min(TIMES_THE_CELL * Math.max(width, height), Math.min(fieldWidthPx, fieldHeightPx));
            return new Surroundings(
                    imageId,
                    fieldWidthPx,
                    fieldHeightPx,
                    Math.clamp(x + width / 2 - side / 2, 0, fieldWidthPx - side),
                    Math.clamp(y + height / 2 - side / 2, 0, fieldHeightPx - side),
                    side,
                    x,
                    y,
                    width,
                    height);
        }
    }

    /**
     * What was labelled last.
     *
     * @param cellId code of the cell
     * @param label the reader's label in words
     * @param call what the model called it, in words, with its probability; revealed now
     * @param agrees whether the model says the same; true for what is no cell
     */
    public record Last(String cellId, String label, String call, boolean agrees) {}

    /**
     * How far the labels are.
     *
     * @param labelled labels that count
     * @param blasts BLAST among them
     * @param noCells drawn and labelled as no cell
     * @param bar the interval by these labels alone; null before the first
     * @param decided what they decide, in words; null while they do not
     * @param course how the interval shrank
     */
    public record Progress(
            int labelled,
            int blasts,
            int noCells,
            @Nullable IntervalBar bar,
            @Nullable StateWords decided,
            @Nullable CourseChart course) {}
}
