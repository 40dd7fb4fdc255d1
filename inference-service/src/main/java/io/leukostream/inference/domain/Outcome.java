package io.leukostream.inference.domain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an image ended. Every delivered image ends as exactly one of these. */
public sealed interface Outcome {
    /** Where the image lies. */
    Source source();

    /**
     * A cell and what the model called it.
     *
     * @param blastProbability calibrated, rounded to 1e-4
     * @param type by the model; null where it has none for such images
     * @param gate why it is not counted; null where it counts
     * @param cropJpeg for the reviewer
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, compared by nobody
    record CalledCell(
            CellBox box,
            double areaMicrometres2,
            boolean blast,
            double blastProbability,
            @Nullable String type,
            @Nullable Gate gate,
            boolean doubtful,
            byte[] cropJpeg) {}

    /**
     * The image could be read.
     *
     * @param cells ordered by their box; may be empty
     * @param displayJpeg null for an image of a single cell
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, compared by nobody
    record Classified(
            Source source,
            ImageHead head,
            ImageQuality quality,
            List<CalledCell> cells,
            byte @Nullable [] displayJpeg,
            double displayScale)
            implements Outcome {
        public Classified {
            cells = List.copyOf(cells);
        }
    }

    /**
     * It could not be used.
     *
     * @param detail one sentence for a person, without identifiers
     * @param contentSha256 null where the record could not be read
     * @param scanner null where unknown or not stated
     * @param receivedAt null where the record could not be read
     */
    record Rejected(
            Source source,
            String imageId,
            String specimenId,
            int attempt,
            RejectionReason reason,
            String detail,
            @Nullable String contentSha256,
            Priority priority,
            @Nullable String scanner,
            @Nullable Instant receivedAt)
            implements Outcome {
        /** Of an image whose record could be read. */
        public static Rejected of(Source source, ImageHead head, RejectionReason reason, String detail) {
            return new Rejected(
                    source,
                    head.imageId(),
                    head.specimenId(),
                    head.attempt(),
                    reason,
                    detail,
                    head.contentSha256(),
                    head.priority(),
                    head.scanner(),
                    head.receivedAt());
        }
    }
}
