package io.leukostream.inference.domain;

/**
 * The edge of a pixel in the specimen plane, and how it is known.
 *
 * @param micrometres within {@link #SMALLEST_MICROMETRES}..{@link #LARGEST_MICROMETRES}
 */
public record PixelSize(double micrometres, Origin origin) {
    /** Far below what light resolves. */
    public static final double SMALLEST_MICROMETRES = 0.005;

    /** A red cell would be less than a pixel. */
    public static final double LARGEST_MICROMETRES = 5;

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
        if (!isPlausible(micrometres)) {
            throw new IllegalArgumentException("no pixel is " + micrometres + " µm");
        }
    }

    /** Whether a microscope's image can have such pixels. */
    public static boolean isPlausible(double micrometres) {
        return micrometres >= SMALLEST_MICROMETRES && micrometres <= LARGEST_MICROMETRES;
    }
}
