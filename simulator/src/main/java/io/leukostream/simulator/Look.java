package io.leukostream.simulator;

import java.util.random.RandomGenerator;

/**
 * What all images of one specimen have in common.
 *
 * @param stain its colours
 * @param size factor on the radius of its white cells
 * @param focusBlurMicrometres standard deviation of the blur at its usual focus, µm
 */
record Look(Stain stain, double size, double focusBlurMicrometres) {
    static Look of(ImageKind kind, RandomGenerator random) {
        Stain stain = kind == ImageKind.CELL ? Stain.normalisedOnBlack() : Stain.brightField();
        return new Look(
                stain.varied(kind == ImageKind.CELL ? 0.10 : 0.07, random),
                StrictMath.exp(0.04 * random.nextGaussian()),
                0.07 + 0.04 * random.nextDouble());
    }
}
