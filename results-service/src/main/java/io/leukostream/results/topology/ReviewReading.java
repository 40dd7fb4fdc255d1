package io.leukostream.results.topology;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.Box;
import io.leukostream.results.domain.CellKey;
import io.leukostream.results.domain.Review;
import io.leukostream.results.domain.ReviewEvent;
import io.leukostream.schemas.Identity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A specimen's reviews read against its images: the cells without codes, as the domain wants them, and the way back to
 * their ids.
 *
 * @param found cell id of every cell of the outcomes that count, gated ones too
 * @param events the events whose cells are known
 * @param review what they come to
 */
public record ReviewReading(
        Map<CellKey, String> found, Map<String, String> imageIds, List<ReviewEvent> events, Review review) {

    /** Reads the events of a specimen against its images, by image id. */
    public static ReviewReading of(Map<String, ImageEntry> images, Collection<CellReview> records) {
        Map<CellKey, String> found = new HashMap<>();
        Map<String, String> contents = new HashMap<>();
        Map<String, String> imageIds = new HashMap<>();
        images.forEach((imageId, entry) -> {
            String content = entry.contentSha256();
            if (content != null) {
                contents.put(imageId, content);
                imageIds.put(content, imageId);
            }
            if (entry.classified() != null) {
                entry.classified().getCells().forEach(cell -> {
                    Box box = new Box(cell.getXPx(), cell.getYPx(), cell.getWidthPx(), cell.getHeightPx());
                    found.put(new CellKey(entry.classified().getContentSha256(), box), cell.getCellId());
                });
            }
        });
        List<ReviewEvent> events = new ArrayList<>();
        for (CellReview record : records) {
            DomainValues.review(record, contents::get).ifPresent(events::add);
        }
        return new ReviewReading(found, imageIds, events, Review.of(events, found.keySet()));
    }

    /** The id of a cell, also of one that no outcome holds any more. */
    public String cellId(CellKey cell) {
        return Identity.cellId(
                imageIds.getOrDefault(cell.contentSha256(), ""),
                cell.box().x(),
                cell.box().y(),
                cell.box().width(),
                cell.box().height());
    }

    /** The cell of an id; null where no image says so. */
    public @Nullable CellKey cell(String cellId) {
        Optional<String> content = imageIds.entrySet().stream()
                .filter(entry -> entry.getValue().equals(Identity.imageIdOf(cellId)))
                .map(Map.Entry::getKey)
                .findFirst();
        return content.map(sha256 -> DomainValues.cell(cellId, imageId -> sha256))
                .orElse(null);
    }
}
