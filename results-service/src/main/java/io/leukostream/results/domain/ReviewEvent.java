package io.leukostream.results.domain;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What a reviewer did. The same event delivered twice is one event. */
public sealed interface ReviewEvent {
    /** By time, then id: the order in which the events count, whatever the order of their arrival. */
    Comparator<ReviewEvent> ORDER = Comparator.comparing(ReviewEvent::at).thenComparing(ReviewEvent::eventId);

    /** Unique. */
    String eventId();

    /** When it was done. */
    Instant at();

    /** A frame was frozen. */
    record FrameOpened(String eventId, Instant at, ReviewFrame frame) implements ReviewEvent {}

    /**
     * A cell was labelled.
     *
     * @param frameId the frame from which the cell was drawn; null where the reviewer chose it
     */
    record Labelled(
            String eventId, Instant at, @Nullable String frameId, CellKey cell, ReviewLabel label, String reviewer)
            implements ReviewEvent {}

    /** A reviewer took the own label of a cell back. */
    record Withdrawn(String eventId, Instant at, @Nullable String frameId, CellKey cell, String reviewer)
            implements ReviewEvent {}
}
