package io.leukostream.simulator;

import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** A picture before it is taken: at each pixel, how thick each dyed thing lies. */
final class Canvas {
    private static final int TABLE_STEPS_PER_UNIT = 2048;
    private static final double[] LEVELS = new double[7 * TABLE_STEPS_PER_UNIT];

    static {
        for (int k = 0; k < LEVELS.length; k++) {
            LEVELS[k] = StrictMath.exp(k / (double) TABLE_STEPS_PER_UNIT);
        }
    }

    final int widthPx;
    final int heightPx;
    final float[] nucleus;
    final float[] cytoplasm;
    final float[] redCell;
    final float[] chromatin;

    Canvas(int widthPx, int heightPx) {
        this.widthPx = widthPx;
        this.heightPx = heightPx;
        nucleus = new float[widthPx * heightPx];
        cytoplasm = new float[widthPx * heightPx];
        redCell = new float[widthPx * heightPx];
        chromatin = new float[widthPx * heightPx];
    }

    /** Blurs what lies within the box with a Gaussian of the standard deviation given; outside it nothing may lie. */
    void blur(double sigmaPx, Box within) {
        int reach = (int) Math.ceil(2.5 * sigmaPx);
        float[] kernel = new float[2 * reach + 1];
        double sum = 0;
        for (int k = -reach; k <= reach; k++) {
            sum += StrictMath.exp(-k * k / (2 * sigmaPx * sigmaPx));
        }
        for (int k = -reach; k <= reach; k++) {
            kernel[k + reach] = (float) (StrictMath.exp(-k * k / (2 * sigmaPx * sigmaPx)) / sum);
        }
        for (float[] plane : new float[][] {nucleus, cytoplasm, redCell, chromatin}) {
            along(plane, kernel, within, true);
            along(plane, kernel, within, false);
        }
    }

    private void along(float[] plane, float[] kernel, Box within, boolean rows) {
        int reach = kernel.length / 2;
        int lines = rows ? within.height() : within.width();
        int length = rows ? within.width() : within.height();
        int step = rows ? 1 : widthPx;
        float[] line = new float[length + 2 * reach];
        for (int n = 0; n < lines; n++) {
            int start = rows ? (within.y() + n) * widthPx + within.x() : within.y() * widthPx + within.x() + n;
            for (int k = 0; k < line.length; k++) {
                line[k] = plane[start + Math.clamp(k - reach, 0, length - 1) * step];
            }
            for (int k = 0; k < length; k++) {
                float sum = 0;
                for (int j = 0; j < kernel.length; j++) {
                    sum += kernel[j] * line[k + j];
                }
                plane[start + k * step] = sum;
            }
        }
    }

    /**
     * Takes the picture.
     *
     * @param shown which pixels are shown; the others are black
     * @param noiseLevels standard deviation of the camera's noise, levels
     */
    BufferedImage taken(Stain stain, Light light, boolean[] shown, double noiseLevels, RandomGenerator random) {
        BufferedImage image = new BufferedImage(widthPx, heightPx, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[widthPx];
        for (int y = 0; y < heightPx; y++) {
            double v = 2.0 * y / heightPx - 1;
            for (int x = 0; x < widthPx; x++) {
                int k = y * widthPx + x;
                if (!shown[k]) {
                    row[x] = 0;
                    continue;
                }
                double lit = light.at(2.0 * x / widthPx - 1, v);
                row[x] = level(log(stain, k, Rgb::red) + lit, noiseLevels, random) << 16
                        | level(log(stain, k, Rgb::green) + lit, noiseLevels, random) << 8
                        | level(log(stain, k, Rgb::blue) + lit, noiseLevels, random);
            }
            image.setRGB(0, y, widthPx, 1, row, 0, widthPx);
        }
        return image;
    }

    private double log(Stain stain, int k, java.util.function.ToDoubleFunction<Rgb> channel) {
        return channel.applyAsDouble(stain.background())
                - nucleus[k] * channel.applyAsDouble(stain.nucleus())
                - cytoplasm[k] * channel.applyAsDouble(stain.cytoplasm())
                - redCell[k] * channel.applyAsDouble(stain.redCell())
                + chromatin[k] * channel.applyAsDouble(stain.chromatin());
    }

    private static int level(double log, double noiseLevels, RandomGenerator random) {
        int step = Math.clamp(Math.round(log * TABLE_STEPS_PER_UNIT), 0, LEVELS.length - 1);
        return Math.clamp(Math.round(LEVELS[step] + noiseLevels * random.nextGaussian()), 0, 255);
    }
}
