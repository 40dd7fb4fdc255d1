package io.leukostream.results.rest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of an image.
 *
 * @param outcome CLASSIFIED, REJECTED or PENDING
 * @param reason the code of a rejection; null otherwise
 * @param detail the rejection in a sentence; null otherwise
 * @param receipt null where the outcome came without one (a scanner that publishes to Kafka itself)
 * @param coordinates where the image lies in Kafka; null where nothing says so
 * @param model null unless classified
 * @param quality null unless classified
 * @param displayUrl the picture of the whole field; null unless classified
 */
public record ImageJson(
        String imageId,
        String specimenId,
        String outcome,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable Integer attempt,
        @Nullable Receipt receipt,
        @Nullable Coordinates coordinates,
        @Nullable Model model,
        @Nullable Quality quality,
        @Nullable Instant decidedAt,
        @Nullable String displayUrl,
        List<CellJson> cells) {
    public ImageJson {
        cells = List.copyOf(cells);
    }

    /** One of its cells. */
    public Optional<CellJson> cell(String cellId) {
        return cells.stream().filter(cell -> cell.cellId().equals(cellId)).findFirst();
    }

    /** The proof that the image was accepted. */
    public record Receipt(
            int attempt,
            long sizeBytes,
            String priority,
            @Nullable String scanner,
            Instant receivedAt) {}

    /** Where a record lies in Kafka. */
    public record Coordinates(String topic, int partition, long offset) {}

    /** The bundle that called the cells. */
    public record Model(String name, String version, String bundleSha256, double operatingThreshold) {}

    /** Figures about the image as a whole. */
    public record Quality(
            int widthPx,
            int heightPx,
            double pixelSizeMicrometres,
            String pixelSizeSource,
            double focus,
            double brightness,
            double clippedShare) {}
}
