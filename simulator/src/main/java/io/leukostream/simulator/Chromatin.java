package io.leukostream.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How light the nucleus is at each place: relief at five grain sizes and light spots. The amplitudes of the relief are
 * those measured in bands on C-NMC 2019, moved apart between the two kinds of cell in the direction that morphology
 * describes: blasts smooth with a few nucleoli, normal lymphoid cells clumped with many small gaps.
 */
final class Chromatin {
    private static final double[] GRAIN_MICROMETRES = {0.21, 0.45, 0.85, 1.7, 3.4};
    private static final double[] BLAST_AMPLITUDE = {0.024, 0.024, 0.036, 0.065, 0.065};
    private static final double[] NORMAL_AMPLITUDE = {0.028, 0.044, 0.058, 0.045, 0.030};

    private record Spot(double dx, double dy, double radiusPx, double light) {}

    private final double[] amplitude;
    private final List<Texture> relief = new ArrayList<>();
    private final List<Spot> spots = new ArrayList<>();

    Chromatin(CellLabel label, double radiusPx, double reachPx, double pixelSizeMicrometres, RandomGenerator random) {
        boolean blast = label == CellLabel.BLAST;
        double contrast = StrictMath.exp(0.2 * random.nextGaussian());
        amplitude = blast ? BLAST_AMPLITUDE.clone() : NORMAL_AMPLITUDE.clone();
        for (int k = 0; k < amplitude.length; k++) {
            amplitude[k] *= contrast;
            relief.add(new Texture(GRAIN_MICROMETRES[k] / pixelSizeMicrometres, reachPx, random));
        }
        int count = blast ? 1 + random.nextInt(3) : 5 + random.nextInt(9);
        for (int k = 0; k < count; k++) {
            double angle = 2 * Math.PI * random.nextDouble();
            double distance = radiusPx * (blast ? 0.6 : 0.8) * StrictMath.sqrt(random.nextDouble());
            double radiusMicrometres = blast ? 0.5 + 0.6 * random.nextDouble() : 0.2 + 0.25 * random.nextDouble();
            spots.add(new Spot(
                    distance * StrictMath.cos(angle),
                    distance * StrictMath.sin(angle),
                    radiusMicrometres / pixelSizeMicrometres,
                    0.12 + 0.18 * random.nextDouble()));
        }
    }

    /** Logarithm of the green level here over the nucleus' mean. */
    double lightAt(double dx, double dy) {
        double light = 0;
        for (int k = 0; k < amplitude.length; k++) {
            light += amplitude[k] * relief.get(k).at(dx, dy);
        }
        for (Spot spot : spots) {
            double x = (dx - spot.dx) / spot.radiusPx;
            double y = (dy - spot.dy) / spot.radiusPx;
            double near = 1 - (x * x + y * y) / 4;
            if (near > 0) {
                light += spot.light * near * near;
            }
        }
        return light;
    }
}
