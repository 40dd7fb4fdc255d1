package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One specimen: its cells to look at, its rejected images, and how far its review is.
 *
 * @param panel what is known of it
 * @param labels which cells to show
 * @param orders in which order
 * @param cells the cells of this page
 * @param previous address of the page before; null on the first
 * @param next address of the page after; null on the last
 * @param rejected images that could not be used
 * @param review how far the review is
 */
public record SpecimenPage(
        SpecimenPanel panel,
        List<Choice> labels,
        List<Choice> orders,
        List<CellTile> cells,
        @Nullable String previous,
        @Nullable String next,
        List<RejectedImage> rejected,
        ReviewProgress review)
        implements TemplateInstance {

    /** Takes copies of the lists. */
    public SpecimenPage {
        labels = List.copyOf(labels);
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
     */
    public record RejectedImage(String imageId, String reason, String detail) {}

    /**
     * How far the review by random draw is.
     *
     * @param frameCells cells in the frozen frame; 0 before it is opened
     * @param labelled labels that count: those of the prefix without a gap
     * @param blasts blasts among them
     */
    public record ReviewProgress(int frameCells, int labelled, int blasts) {}
}
