package io.leukostream.simulator;

/**
 * One drawn white cell.
 *
 * @param box the smallest box around its painted pixels
 * @param label what it is
 */
public record CellTruth(Box box, CellLabel label) {}
