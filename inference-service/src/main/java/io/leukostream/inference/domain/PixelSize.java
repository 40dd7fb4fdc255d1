package io.leukostream.inference.domain;

import io.leukostream.schemas.PixelScale;

/**
 * The edge of a pixel in the specimen plane, and how it is known.
 *
 * @param micrometres one that {@link PixelScale} allows
 */
public record PixelSize(double micrometres, Origin origin) {
    /** How a pixel size is known. */
    public enum Origin {
        /** By the scanner. */
        STATED,
        /** The scale that the bundle assumes where an image of a single cell states none. */
        NOMINAL,
        /** From the red cells of the field. */
        ESTIMATED
    }

    public PixelSize {
        if (!PixelScale.isPossible(micrometres)) {
            throw new IllegalArgumentException("no pixel is " + micrometres + " µm");
        }
    }
}
