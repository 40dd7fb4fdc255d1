package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;

/**
 * One cell of a gallery alone, to take the place of the one that is there.
 *
 * @param tile the cell
 */
public record CellPage(CellTile tile) implements TemplateInstance {}
