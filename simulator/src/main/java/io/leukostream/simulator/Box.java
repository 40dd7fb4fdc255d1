package io.leukostream.simulator;

/**
 * A rectangle of whole pixels.
 *
 * @param x left edge, px
 * @param y upper edge, px
 * @param width px, at least 1
 * @param height px, at least 1
 */
public record Box(int x, int y, int width, int height) {
    public Box {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a box has at least one pixel, not " + width + " x " + height);
        }
    }

    /** The area of both over the area of either, 0..1; 1 for the same box. */
    public double overlap(Box other) {
        long common = shared(x, width, other.x, other.width) * shared(y, height, other.y, other.height);
        long either = (long) width * height + (long) other.width * other.height - common;
        return common / (double) either;
    }

    private static long shared(int start, int length, int otherStart, int otherLength) {
        return Math.max(0, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart));
    }
}
