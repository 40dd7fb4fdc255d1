package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_32F;
import static org.bytedeco.opencv.global.opencv_core.CV_32FC3;
import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.LUT;
import static org.bytedeco.opencv.global.opencv_core.extractChannel;
import static org.bytedeco.opencv.global.opencv_core.mean;
import static org.bytedeco.opencv.global.opencv_core.transform;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.THRESH_BINARY;
import static org.bytedeco.opencv.global.opencv_imgproc.THRESH_OTSU;
import static org.bytedeco.opencv.global.opencv_imgproc.threshold;

import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * How strongly a smear is stained, pixel by pixel, relative to its own background: optical density, that is
 * {@code −log10((level + 1) / (background + 1))} by channel. Romanowsky stains make nuclei absorb red and green more than
 * blue, while haemoglobin absorbs green and blue alike and little red; so green + red − blue is high in nuclei, slight in
 * cytoplasm, and near zero in red cells and on the background, whatever the lamp's colour.
 */
final class StainDensity {
    private static final int LEVELS = 256;

    private final Mat green;
    private final Mat nuclear;

    /**
     * @param bgr uint8 [H,W,3]
     * @param blurPx standard deviation of the smoothing against noise, px
     */
    StainDensity(Mat bgr, double blurPx) {
        Scalar background = backgroundOf(bgr);
        Mat table = new Mat(1, LEVELS, CV_32FC3);
        try (FloatIndexer at = table.createIndexer()) {
            for (int level = 0; level < LEVELS; level++) {
                for (int channel = 0; channel < 3; channel++) {
                    at.put(0, level, channel, (float) -Math.log10((level + 1) / (background.get(channel) + 1)));
                }
            }
        }
        Mat density = new Mat();
        LUT(bgr, table, density);
        green = new Mat();
        extractChannel(density, green, 1);
        Mat weights = new Mat(1, 3, CV_32F);
        try (FloatIndexer at = weights.createIndexer()) {
            at.put(0, 0, -1f);
            at.put(0, 1, 1f);
            at.put(0, 2, 1f);
        }
        Mat sharp = new Mat();
        transform(density, sharp, weights);
        nuclear = new Mat();
        GaussianBlur(sharp, nuclear, new Size(0, 0), Math.max(0.3, blurPx));
    }

    /** Optical density of the green channel, float [H,W]: high in every cell. */
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

    /** The mean colour of what is bright in green, where both stains absorb. */
    private static Scalar backgroundOf(Mat bgr) {
        Mat greenLevels = new Mat();
        extractChannel(bgr, greenLevels, 1);
        Mat bright = new Mat();
        threshold(greenLevels, bright, 0, 255, THRESH_BINARY | THRESH_OTSU);
        return mean(bgr, bright);
    }
}
