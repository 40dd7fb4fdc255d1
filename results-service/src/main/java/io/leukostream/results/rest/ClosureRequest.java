package io.leukostream.results.rest;

import org.jspecify.annotations.Nullable;

/**
 * A person closes an alert.
 *
 * @param note what came of it; it is kept for ever and told to subscribers, so it names no patient
 */
public record ClosureRequest(
        @Nullable String closedBy, @Nullable String note) {}
