package io.leukostream.results.dashboard;

import io.leukostream.results.dashboard.ReviewPage.Surroundings;
import io.leukostream.results.rest.CellJson;
import io.leukostream.results.rest.ImageJson;
import io.leukostream.results.rest.ReviewJson;
import io.leukostream.results.rest.SpecimenJson;
import io.leukostream.results.rest.VerdictJson;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what the REST room answers about a review into its page. Holds no state and asks nobody. */
final class ReviewPages {
    private static final int MOST_SAID = 12;

    private final ZoneId zone;

    /** Prints times in this zone. */
    ReviewPages(ZoneId zone) {
        this.zone = zone;
    }

    /**
     * Who reads, and how.
     *
     * @param name null before anybody said so
     * @param blinded whether the model's call is hidden until the label is given
     */
    record Reader(@Nullable String name, boolean blinded) {}

    /**
     * What lies on the desk.
     *
     * @param cellId the cell to label; null where there is none
     * @param image its image; null where there is none
     * @param last the cell that this reader labelled last, as the gallery shows it; null before the first
     * @param lastLabel its label as a code; null before the first
     * @param problem why the last label was refused; null where it was not
     */
    record Desk(
            @Nullable String cellId,
            @Nullable ImageJson image,
            @Nullable CellJson last,
            @Nullable String lastLabel,
            @Nullable String problem) {
        static final Desk EMPTY = new Desk(null, null, null, null, null);
    }

    /** The page. */
    ReviewPage page(SpecimenJson specimen, ReviewJson review, Reader reader, Desk desk) {
        VerdictJson.Specimen verdict = specimen.verdict();
        SpecimenJson.Frame frame = review.frame();
        String name = reader.name();
        // A reader sees nobody else's labels: a second reading that was led is none.
        List<ReviewJson.Event> own = review.history().stream()
                .filter(event -> event.reviewer().equals(name))
                .toList();
        return new ReviewPage(
                specimen.verdict().specimenId(),
                specimen.patientId(),
                SpecimenPanel.materialOf(verdict.specimenType()) + ", " + SpecimenPanel.kindOf(verdict.kind()),
                StateWords.of(verdict.state(), verdict.threshold()),
                verdict.images().pending(),
                name == null
                        ? null
                        : new ReviewPage.Reader(
                                name,
                                reader.blinded(),
                                frame == null || frame.primaryReader() == null || name.equals(frame.primaryReader()),
                                ReviewPage.address(verdict.specimenId(), name, !reader.blinded())),
                review.outgrown(),
                frame == null ? 0 : frame.cells(),
                cell(review, reader, desk, verdict.kind()),
                last(desk),
                frame == null ? null : progress(review, frame),
                frame == null ? null : frame.primaryReader(),
                review.doubleReadings().stream().map(DoubleReadingPanel::of).toList(),
                LabelLine.of(own, MOST_SAID, zone),
                Math.max(0, own.size() - MOST_SAID),
                desk.problem());
    }

    private static ReviewPage.@Nullable Cell cell(ReviewJson review, Reader reader, Desk desk, String kind) {
        String cellId = desk.cellId();
        ImageJson image = desk.image();
        if (cellId == null) {
            return null;
        }
        int labels = review.readers().stream()
                .filter(each -> each.name().equals(reader.name()))
                .mapToInt(ReviewJson.Reader::labels)
                .sum();
        CellJson found = image == null ? null : image.cell(cellId).orElse(null);
        return new ReviewPage.Cell(
                cellId,
                labels + 1,
                image == null || found == null || !kind.equals("FIELD") ? null : around(image, found.box()),
                found == null || reader.blinded() ? null : Pages.tile(found).callWords());
    }

    private static @Nullable Surroundings around(ImageJson image, CellJson.Box box) {
        ImageJson.Quality quality = image.quality();
        return quality == null
                ? null
                : Surroundings.of(
                        image.imageId(),
                        quality.widthPx(),
                        quality.heightPx(),
                        box.x(),
                        box.y(),
                        box.width(),
                        box.height());
    }

    private static ReviewPage.@Nullable Last last(Desk desk) {
        CellJson last = desk.last();
        String label = desk.lastLabel();
        return last == null || label == null
                ? null
                : new ReviewPage.Last(
                        last.cellId(),
                        CellTile.labelWords(label),
                        Pages.tile(last).callWords(),
                        label.equals("NOT_A_CELL") || label.equals(last.label()));
    }

    private static ReviewPage.Progress progress(ReviewJson review, SpecimenJson.Frame frame) {
        StateWords decided =
                frame.decided().equals("UNDECIDED") ? null : StateWords.of(frame.decided(), review.threshold());
        return new ReviewPage.Progress(
                frame.labelled(),
                frame.blasts(),
                frame.drawn() - frame.labelled(),
                frame.labelled() == 0
                        ? null
                        : new IntervalBar(
                                "review-bar",
                                decided == null ? "indeterminate" : decided.tone(),
                                (double) frame.blasts() / frame.labelled(),
                                null,
                                frame.lower(),
                                frame.upper(),
                                review.level(),
                                "REVIEW",
                                "WHITE_CELLS_FOUND",
                                review.threshold(),
                                review.avoidBelow()),
                decided,
                review.course().isEmpty() ? null : CourseChart.of(review.course(), review.threshold()));
    }
}
