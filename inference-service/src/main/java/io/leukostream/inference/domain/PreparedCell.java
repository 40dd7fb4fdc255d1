package io.leukostream.inference.domain;

import org.jspecify.annotations.Nullable;

/**
 * A cell that was found, ready for the network. It belongs to one image on its way through one pipeline: its arrays are
 * handed over, not copied, and nobody writes to them afterwards.
 *
 * @param areaMicrometres2 of the cell itself, not of its box
 * @param gate why it is not counted; null where it counts
 * @param rgbPlanes the network's crop, {@code [3,side,side]} uint8: all of red, then green, then blue
 * @param cropJpeg the cell with its surroundings, for a person
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record PreparedCell(
        CellBox box, double areaMicrometres2, @Nullable Gate gate, byte[] rgbPlanes, byte[] cropJpeg) {}
