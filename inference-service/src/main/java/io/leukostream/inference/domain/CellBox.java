package io.leukostream.inference.domain;

import java.util.Comparator;

/**
 * The bounding box of a cell, in px of the stored image; origin at its top left. Boxes are ordered by (y, x, h, w).
 *
 * @param xPx left edge, ≥ 0
 * @param yPx upper edge, ≥ 0
 * @param widthPx ≥ 1
 * @param heightPx ≥ 1
 */
public record CellBox(int xPx, int yPx, int widthPx, int heightPx) implements Comparable<CellBox> {
    private static final Comparator<CellBox> ORDER = Comparator.comparingInt(CellBox::yPx)
            .thenComparingInt(CellBox::xPx)
            .thenComparingInt(CellBox::heightPx)
            .thenComparingInt(CellBox::widthPx);

    public CellBox {
        if (xPx < 0 || yPx < 0 || widthPx < 1 || heightPx < 1) {
            throw new IllegalArgumentException(
                    "not a box: x " + xPx + ", y " + yPx + ", width " + widthPx + ", height " + heightPx);
        }
    }

    /** Whether the box reaches the edge of an image of that size, so that part of the cell may be missing. */
    public boolean touchesEdgeOf(int imageWidthPx, int imageHeightPx) {
        return xPx == 0 || yPx == 0 || xPx + widthPx >= imageWidthPx || yPx + heightPx >= imageHeightPx;
    }

    @Override
    public int compareTo(CellBox other) {
        return ORDER.compare(this, other);
    }
}
