package io.leukostream.results.rest;

import org.jspecify.annotations.Nullable;

/**
 * A review that is in the log.
 *
 * @param drawn whether the cell was drawn at random, so that the label enters the review's sequence
 * @param oldLabel this reviewer's label before; null where there was none
 * @param newLabel null where a label was withdrawn
 */
public record ReviewAccepted(
        String eventId,
        String cellId,
        @Nullable String frameId,
        boolean drawn,
        @Nullable String oldLabel,
        @Nullable String newLabel,
        String reviewer) {}
