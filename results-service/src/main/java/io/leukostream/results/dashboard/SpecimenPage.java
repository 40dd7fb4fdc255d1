package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One specimen: its cells to look at, its rejected images, and how far its review is.
 *
 * @param panel what is known of it
 * @param differential its counted cells by type
 * @param labels which cells to show
 * @param types cells of which type to show; empty where the model gives none
 * @param orders in which order
 * @param cells the cells of this page
 * @param previous address of the page before; null on the first
 * @param next address of the page after; null on the last
 * @param more the same for a script that adds it below; null on the last
 * @param rejected images that could not be used
 * @param review how far the review is
 */
public record SpecimenPage(
        SpecimenPanel panel,
        Differential differential,
        List<Choice> labels,
        List<Choice> types,
        List<Choice> orders,
        List<CellTile> cells,
        @Nullable String previous,
        @Nullable String next,
        @Nullable String more,
        List<RejectedImage> rejected,
        ReviewProgress review)
        implements TemplateInstance {

    /** Takes copies of the lists. */
    public SpecimenPage {
        labels = List.copyOf(labels);
        types = List.copyOf(types);
        orders = List.copyOf(orders);
        cells = List.copyOf(cells);
        rejected = List.copyOf(rejected);
    }

    /**
     * An image that could not be used.
     *
     * @param imageId code of the image
     * @param reason the reason's code
     * @param detail the reason in a sentence
     * @param advice what the code means; null where it is unknown here
     */
    public record RejectedImage(
            String imageId,
            String reason,
            String detail,
            @Nullable Advice advice) {}

    /**
     * A differential count by the model.
     *
     * @param counted the cells that it is of
     * @param typed those among them that the model gave a type
     * @param doubtful the counted cells that a person should look at
     * @param doubtfulHref where they are shown
     * @param lines one for each type
     */
    public record Differential(int counted, int typed, int doubtful, String doubtfulHref, List<TypeLine> lines) {
        /** Takes a copy of the list. */
        public Differential {
            lines = List.copyOf(lines);
        }
    }

    /**
     * The cells of one type.
     *
     * @param type the type in words
     * @param cells how many
     * @param share of the counted cells, in figures
     * @param place the same as the length of a bar
     * @param href where they are shown
     */
    public record TypeLine(String type, int cells, String share, String place, String href) {}

    /**
     * How far the review by random draw is.
     *
     * @param frameCells cells in the frozen frame; 0 before it is opened
     * @param labelled labels that count: those of the prefix without a gap
     * @param blasts blasts among them
     * @param outgrown whether cells were found since the last frame was opened
     * @param readings two readers beside each other
     * @param said what was labelled and taken back, newest first
     * @param events how much that is in all
     */
    public record ReviewProgress(
            int frameCells,
            int labelled,
            int blasts,
            boolean outgrown,
            List<DoubleReadingPanel> readings,
            List<LabelLine> said,
            int events) {
        /** Takes copies of the lists. */
        public ReviewProgress {
            readings = List.copyOf(readings);
            said = List.copyOf(said);
        }
    }
}
