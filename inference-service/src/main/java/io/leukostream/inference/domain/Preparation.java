package io.leukostream.inference.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an image before the network: cells, or the reason why there are none. */
public sealed interface Preparation {
    /**
     * The image could be read.
     *
     * @param cells ordered by their box; may be empty
     * @param displayJpeg the whole field reduced for a screen; null for an image of a single cell
     * @param displayScale display px per image px, 0..1
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, compared by nobody
    record Prepared(ImageQuality quality, List<PreparedCell> cells, byte @Nullable [] displayJpeg, double displayScale)
            implements Preparation {
        public Prepared {
            cells = cells.stream().sorted((a, b) -> a.box().compareTo(b.box())).toList();
        }
    }

    /**
     * It could not be used.
     *
     * @param detail one sentence for a person, without identifiers
     */
    record Refused(RejectionReason reason, String detail) implements Preparation {}
}
