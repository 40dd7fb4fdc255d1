package io.leukostream.simulator;

import java.util.random.RandomGenerator;

/**
 * The colours of a preparation under its light.
 *
 * @param background where nothing lies, logarithm of levels
 * @param nucleus what a full thickness of nucleus takes away from the cytoplasm around it
 * @param cytoplasm what a full thickness of white cell cytoplasm takes away
 * @param redCell what a full thickness of red cell takes away
 * @param chromatin the direction in which looser chromatin is lighter, per unit of green
 */
record Stain(Rgb background, Rgb nucleus, Rgb cytoplasm, Rgb redCell, Rgb chromatin) {
    private static final Rgb CHROMATIN = new Rgb(0.75, 1, 0.34);

    /**
     * The stain-normalised look of the cells of C-NMC 2019: medians over 400 of its images at the rim and deep in the
     * nucleus.
     */
    static Stain normalisedOnBlack() {
        Rgb rim = Rgb.ofLevels(94, 59, 104);
        return new Stain(rim, rim.minus(Rgb.ofLevels(66, 28, 78)), new Rgb(0.03, 0.06, 0.02), Rgb.ZERO, CHROMATIN);
    }

    /** Romanowsky colours in bright field: cream glass, tan red cells, violet nuclei, pale blue cytoplasm. */
    static Stain brightField() {
        Rgb glass = Rgb.ofLevels(236, 230, 216);
        Rgb cytoplasm = Rgb.ofLevels(188, 184, 218);
        return new Stain(
                glass,
                cytoplasm.minus(Rgb.ofLevels(122, 78, 164)),
                glass.minus(cytoplasm),
                glass.minus(Rgb.ofLevels(206, 160, 148)),
                CHROMATIN);
    }

    /** The same preparation on another day: strength of each dye, and white balance. */
    Stain varied(double spread, RandomGenerator random) {
        double strength = 1 + spread * random.nextGaussian();
        Rgb balance = new Rgb(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()).times(0.3 * spread);
        return new Stain(
                background.plus(balance),
                nucleus.times(strength),
                cytoplasm.times(1 + 1.5 * spread * random.nextGaussian()),
                redCell.times(1 + spread * random.nextGaussian()),
                chromatin);
    }
}
