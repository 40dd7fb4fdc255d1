package io.leukostream.results.rest;

import org.jspecify.annotations.Nullable;

/** A reviewer's label for a cell: BLAST, NOT_BLAST or NOT_A_CELL. */
public record ReviewRequest(
        @Nullable String cellId,
        @Nullable String label,
        @Nullable String reviewer) {}
