package io.leukostream.simulator;

import java.util.random.RandomGenerator;

/** Smooth random relief: values on a turned grid, joined by smooth steps. Mean 0, standard deviation about 1. */
final class Texture {
    private static final double DEVIATION = 0.42;

    private final float[] values;
    private final int side;
    private final double cos;
    private final double sin;
    private final double spacingPx;

    /**
     * @param spacingPx distance between grid points, px; grains are about twice as wide
     * @param reachPx the relief covers this distance from its origin, px
     */
    Texture(double spacingPx, double reachPx, RandomGenerator random) {
        this.spacingPx = spacingPx;
        side = 2 * (int) Math.ceil(reachPx * 1.5 / spacingPx) + 3;
        values = new float[side * side];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) ((2 * random.nextDouble() - 1) / DEVIATION);
        }
        double angle = 2 * Math.PI * random.nextDouble();
        cos = StrictMath.cos(angle);
        sin = StrictMath.sin(angle);
    }

    /** The relief at a point, px from the origin. */
    double at(double dx, double dy) {
        double u = (cos * dx - sin * dy) / spacingPx + side / 2.0;
        double v = (sin * dx + cos * dy) / spacingPx + side / 2.0;
        int column = (int) u;
        int row = (int) v;
        double a = smooth(u - column);
        double b = smooth(v - row);
        int k = row * side + column;
        double upper = values[k] + a * (values[k + 1] - values[k]);
        double lower = values[k + side] + a * (values[k + side + 1] - values[k + side]);
        return upper + b * (lower - upper);
    }

    /** A step from 0 to 1 without a corner, for 0..1. */
    static double smooth(double part) {
        return part * part * (3 - 2 * part);
    }
}
