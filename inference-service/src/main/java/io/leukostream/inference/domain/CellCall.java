package io.leukostream.inference.domain;

import org.jspecify.annotations.Nullable;

/**
 * What the network's answer says of one cell.
 *
 * @param blastProbability calibrated, rounded to 1e-4
 * @param type the most probable cell type; null where the model has none for such images
 * @param gate why its appearance keeps it from counting; null where it does not
 * @param doubtful whether it counts though it may be one that could not be identified, or is unlike those learned from
 */
public record CellCall(
        boolean blast,
        double blastProbability,
        @Nullable String type,
        @Nullable Gate gate,
        boolean doubtful) {}
