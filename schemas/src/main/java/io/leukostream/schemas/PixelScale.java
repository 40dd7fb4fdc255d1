package io.leukostream.schemas;

/** The pixel sizes that an image may state, by whatever door it comes. */
public final class PixelScale {
    /** Far below what light resolves, µm. */
    public static final double SMALLEST_MICROMETRES = 0.005;

    /** A red cell would be less than a pixel of this, µm. */
    public static final double LARGEST_MICROMETRES = 5;

    private PixelScale() {}

    /** Whether a microscope's image can have such pixels; both ends can be. */
    public static boolean isPossible(double micrometres) {
        return SMALLEST_MICROMETRES <= micrometres && micrometres <= LARGEST_MICROMETRES;
    }
}
