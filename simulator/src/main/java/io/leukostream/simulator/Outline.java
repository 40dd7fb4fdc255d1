package io.leukostream.simulator;

import java.util.random.RandomGenerator;

/** A closed, star-shaped line around a centre: a radius for every direction. */
final class Outline {
    private static final int DIRECTIONS = 720;
    private static final int HARMONICS = 14;

    private final double[] radiusPx;

    private Outline(double[] radiusPx) {
        this.radiusPx = radiusPx;
    }

    /**
     * An ellipse with a wavy edge and, where asked for, indentations.
     *
     * @param meanRadiusPx radius of the circle of about the same area, px
     * @param elongation long over short axis, at least 1
     * @param roughness relative height of the waves
     * @param folds number of indentations
     */
    static Outline of(double meanRadiusPx, double elongation, double roughness, int folds, RandomGenerator random) {
        double turn = 2 * Math.PI * random.nextDouble();
        double[] amplitude = new double[HARMONICS + 1];
        double[] phase = new double[HARMONICS + 1];
        for (int k = 3; k <= HARMONICS; k++) {
            amplitude[k] = roughness * random.nextGaussian() * 3 / k;
            phase[k] = 2 * Math.PI * random.nextDouble();
        }
        double[] foldAt = new double[folds];
        double[] foldDepth = new double[folds];
        double[] foldWidth = new double[folds];
        for (int f = 0; f < folds; f++) {
            foldAt[f] = 2 * Math.PI * random.nextDouble();
            foldDepth[f] = 0.06 + 0.16 * random.nextDouble();
            foldWidth[f] = 0.12 + 0.22 * random.nextDouble();
        }
        double[] radius = new double[DIRECTIONS];
        for (int d = 0; d < DIRECTIONS; d++) {
            double angle = 2 * Math.PI * d / DIRECTIONS;
            double along = StrictMath.cos(angle - turn);
            double across = StrictMath.sin(angle - turn);
            double relative = 1 / StrictMath.sqrt(along * along / elongation + across * across * elongation);
            for (int k = 3; k <= HARMONICS; k++) {
                relative += amplitude[k] * StrictMath.cos(k * angle + phase[k]);
            }
            for (int f = 0; f < folds; f++) {
                double away = StrictMath.IEEEremainder(angle - foldAt[f], 2 * Math.PI) / foldWidth[f];
                relative -= foldDepth[f] * StrictMath.exp(-away * away / 2);
            }
            radius[d] = meanRadiusPx * Math.max(0.4, relative);
        }
        return new Outline(radius);
    }

    /** The line as far outside (or, negative, inside) as given, px. */
    Outline grownBy(double px) {
        double[] grown = radiusPx.clone();
        for (int d = 0; d < DIRECTIONS; d++) {
            grown[d] = Math.max(1, grown[d] + px);
        }
        return new Outline(grown);
    }

    /** The line moved in some direction; the centre, from which it is measured, stays inside. */
    Outline shifted(double px, RandomGenerator random) {
        double towards = 2 * Math.PI * random.nextDouble();
        double[] moved = radiusPx.clone();
        for (int d = 0; d < DIRECTIONS; d++) {
            moved[d] = Math.max(1, moved[d] + px * StrictMath.cos(2 * Math.PI * d / DIRECTIONS - towards));
        }
        return new Outline(moved);
    }

    /** How deep inside the line a point lies, px, measured towards the centre; negative outside. */
    double depthPx(double dx, double dy) {
        double direction = StrictMath.atan2(dy, dx) / (2 * Math.PI) * DIRECTIONS;
        int below = (int) Math.floor(direction);
        double part = direction - below;
        double here = radiusPx[Math.floorMod(below, DIRECTIONS)];
        double next = radiusPx[Math.floorMod(below + 1, DIRECTIONS)];
        return here + part * (next - here) - Math.sqrt(dx * dx + dy * dy);
    }

    /** The largest distance of the line from the centre, px. */
    double reachPx() {
        double reach = 0;
        for (double radius : radiusPx) {
            reach = Math.max(reach, radius);
        }
        return reach;
    }
}
