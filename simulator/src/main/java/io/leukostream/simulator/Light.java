package io.leukostream.simulator;

import java.util.random.RandomGenerator;

/**
 * How evenly an image is lit; logarithm of the level at a place, as a change from the middle of the image.
 *
 * @param acrossX change from the middle to the right edge
 * @param acrossY change from the middle to the lower edge
 * @param vignette loss from the middle to a corner
 */
record Light(double acrossX, double acrossY, double vignette) {
    static Light varied(RandomGenerator random) {
        return new Light(0.03 * random.nextGaussian(), 0.03 * random.nextGaussian(), 0.02 + 0.04 * random.nextDouble());
    }

    /**
     * The change at a place.
     *
     * @param u −1 at the left edge, 1 at the right
     * @param v −1 at the upper edge, 1 at the lower
     */
    double at(double u, double v) {
        return acrossX * u + acrossY * v - vignette * (u * u + v * v) / 2;
    }
}
