package io.leukostream.results.dashboard;

import io.leukostream.results.rest.ReviewJson;
import io.leukostream.schemas.Identity;
import java.time.ZoneId;
import java.util.List;

/**
 * What a reviewer said of a cell.
 *
 * @param cellId code of the cell
 * @param imageId code of its image
 * @param what the change in words: old → new
 * @param drawn whether the cell was drawn at random
 * @param reviewer who
 * @param at when
 * @param standing whether it still stands, and so can be taken back
 */
public record LabelLine(
        String cellId, String imageId, String what, boolean drawn, Reviewer reviewer, Moment at, boolean standing) {

    /** The events as lines, in their order. */
    static List<LabelLine> of(List<ReviewJson.Event> newestFirst, int most, ZoneId zone) {
        return newestFirst.stream()
                .limit(most)
                .map(event -> line(event, newestFirst, zone))
                .toList();
    }

    private static LabelLine line(ReviewJson.Event event, List<ReviewJson.Event> newestFirst, ZoneId zone) {
        String before = event.oldLabel();
        String after = event.newLabel();
        boolean standing = after != null
                && newestFirst.stream()
                        .filter(each -> each.cellId().equals(event.cellId())
                                && each.reviewer().equals(event.reviewer()))
                        .findFirst()
                        .filter(event::equals)
                        .isPresent();
        return new LabelLine(
                event.cellId(),
                Identity.imageIdOf(event.cellId()),
                (before == null ? "" : CellTile.labelWords(before) + " → ")
                        + (after == null ? "taken back" : CellTile.labelWords(after)),
                event.drawn(),
                new Reviewer(event.reviewer(), 1),
                Moment.of(event.at(), zone),
                standing);
    }
}
