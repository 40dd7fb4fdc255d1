package io.leukostream.inference.domain;

/**
 * A range that a cell's appearance must lie in for the cell to count.
 *
 * @param gate why a cell beyond it does not
 */
public record AppearanceLimit(AppearanceRange range, Gate gate) {}
