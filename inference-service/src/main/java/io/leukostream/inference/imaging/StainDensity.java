package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_32F;
import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.THRESH_BINARY;
import static org.bytedeco.opencv.global.opencv_imgproc.threshold;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * How strongly a smear is stained, pixel by pixel, relative to its own background: optical density, that is
 * {@code −log10((level + 1) / (background + 1))} by channel. Romanowsky stains make nuclei absorb red and green more than
 * blue, while haemoglobin absorbs green and blue alike and little red; so green + red − blue is high in nuclei, slight in
 * cytoplasm, and near zero in red cells and on the background, whatever the lamp's colour.
 */
final class StainDensity {
    private static final int LEVELS = 256;
    private static final double SLIGHTEST_BLUR_PX = 0.3;

    private final Mat green;
    private final Mat nuclear;

    /**
     * @param bgr uint8 [H,W,3]
     * @param blurPx standard deviation of the smoothing against noise, px
     * @param evenLight whether the light is the same everywhere, as it is over a single cell
     */
    StainDensity(Mat bgr, double blurPx, boolean evenLight) {
        Illumination light = Illumination.of(bgr, evenLight);
        float[] logarithm = new float[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            logarithm[level] = (float) Math.log10(level + 1);
        }
        int rows = bgr.rows();
        int columns = bgr.cols();
        byte[] levels = Pixels.bytes(bgr);
        float[] greens = new float[rows * columns];
        float[] nuclears = new float[rows * columns];
        float[] greenLight = new float[columns];
        float[] nuclearLight = new float[columns];
        double[] greenWeights = {0, 1, 0};
        double[] nuclearWeights = {-1, 1, 1};
        for (int y = 0, k = 0; y < rows; y++) {
            light.row(y, rows, columns, greenWeights, greenLight);
            light.row(y, rows, columns, nuclearWeights, nuclearLight);
            for (int x = 0; x < columns; x++, k++) {
                float blue = logarithm[levels[3 * k] & 0xFF];
                float greenLevel = logarithm[levels[3 * k + 1] & 0xFF];
                float red = logarithm[levels[3 * k + 2] & 0xFF];
                greens[k] = greenLight[x] - greenLevel;
                nuclears[k] = nuclearLight[x] - (greenLevel + red - blue);
            }
        }
        green = smooth(greens, rows, columns, blurPx);
        nuclear = smooth(nuclears, rows, columns, blurPx);
    }

    /** Optical density of the green channel, smoothed, float [H,W]: high in every cell. */
    Mat green() {
        return green;
    }

    /** Green + red − blue, smoothed, float [H,W]: high in nuclei. */
    Mat nuclear() {
        return nuclear;
    }

    /** 255 where the density is above the level; else 0. */
    static Mat above(Mat density, double level) {
        Mat single = new Mat();
        threshold(density, single, level, 255, THRESH_BINARY);
        Mat mask = new Mat();
        single.convertTo(mask, CV_8U);
        return mask;
    }

    private static Mat smooth(float[] values, int rows, int columns, double blurPx) {
        Mat sharp = new Mat(rows, columns, CV_32F);
        try (FloatPointer at = new FloatPointer(sharp.data())) {
            at.put(values);
        }
        Mat smooth = new Mat();
        GaussianBlur(sharp, smooth, new Size(0, 0), Math.max(SLIGHTEST_BLUR_PX, blurPx));
        return smooth;
    }
}
