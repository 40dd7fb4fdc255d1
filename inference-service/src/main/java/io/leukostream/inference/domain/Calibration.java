package io.leukostream.inference.domain;

/**
 * From the network's logits to a probability, after Platt (1999):
 * {@code p = 1 / (1 + exp(−(slope·(blast − normal) + intercept)))}.
 *
 * @param slope &gt; 0: more evidence for a blast never makes it less probable
 */
public record Calibration(double slope, double intercept) {
    private static final double STEPS = 1e4;

    public Calibration {
        if (!(slope > 0 && Double.isFinite(slope) && Double.isFinite(intercept))) {
            throw new IllegalArgumentException("no calibration: slope " + slope + ", intercept " + intercept);
        }
    }

    /**
     * The probability of a blast, rounded to 1e-4: what is published and what the threshold is held against, so that
     * another processor's last bits change no call.
     *
     * @throws ArithmeticException if a logit is not finite
     */
    public double blastProbability(float normalLogit, float blastLogit) {
        double margin = (double) blastLogit - normalLogit;
        if (!Double.isFinite(margin)) {
            throw new ArithmeticException("the network answered " + normalLogit + ", " + blastLogit);
        }
        double probability = 1 / (1 + Math.exp(-(slope * margin + intercept)));
        return Math.rint(probability * STEPS) / STEPS;
    }
}
