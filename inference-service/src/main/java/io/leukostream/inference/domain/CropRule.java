package io.leukostream.inference.domain;

import io.leukostream.schemas.PixelScale;

/**
 * How a cell is cut out for the network: a square around the middle of its box, black outside the cell.
 *
 * @param sideMicrometres side of the square in the specimen plane
 * @param nominalPixelSizeMicrometres the scale of a single-cell image whose scanner stated none
 */
public record CropRule(double sideMicrometres, double nominalPixelSizeMicrometres) {
    public CropRule {
        if (!(sideMicrometres > 0 && sideMicrometres < 1000)) {
            throw new IllegalArgumentException("no crop is " + sideMicrometres + " µm wide");
        }
        if (!PixelScale.isPossible(nominalPixelSizeMicrometres)) {
            throw new IllegalArgumentException("no pixel is " + nominalPixelSizeMicrometres + " µm");
        }
    }

    /** Side of the square at that scale, px: rounded half up, at least 1. */
    public int sidePx(PixelSize pixelSize) {
        return Math.max(1, (int) Math.floor(sideMicrometres / pixelSize.micrometres() + 0.5));
    }
}
