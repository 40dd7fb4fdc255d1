package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.bitwise_not;
import static org.bytedeco.opencv.global.opencv_imgproc.CC_STAT_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.CC_STAT_HEIGHT;
import static org.bytedeco.opencv.global.opencv_imgproc.CC_STAT_WIDTH;
import static org.bytedeco.opencv.global.opencv_imgproc.DIST_L2;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_OPEN;
import static org.bytedeco.opencv.global.opencv_imgproc.dilate;
import static org.bytedeco.opencv.global.opencv_imgproc.distanceTransform;

import io.leukostream.schemas.PixelScale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The pixel size of an image from its red cells. Each peak of the distance to the background is the radius of the circle
 * that fits into a red cell, whether or not it touches others; the radius around which most of them lie stands for all.
 */
final class RedCellScale {
    /**
     * Red cells on a smear are 7 to 8 µm wide. The circle that fits into one as it is segmented here is 0.83 of the width
     * of the box that a person drew around it (median of the tuning half of the BCCD fields): 0.83 × 7.4 µm.
     */
    private static final double INSCRIBED_DIAMETER_MICROMETRES = 6.1;

    private static final int WORKING_SIDE_PX = 640;
    private static final double BLUR_PX = 1.5;
    private static final double FAINTEST_GREEN = 0.02;
    private static final double STRONGEST_GREEN = 0.1;
    /** What counts as a cell, by Otsu's threshold between background and red cells; the second where the first fails. */
    private static final double[] SHARES_OF_THRESHOLD = {0.6, 1.0};

    private static final double LEVELS_PER_DENSITY = 512;
    private static final int LEVELS = 256;
    private static final double NUCLEUS = 0.12;
    /** A lighter middle that is round and not larger than this share of the image is a red cell's dimple. */
    private static final double LARGEST_DIMPLE_SHARE = 0.03;

    private static final double LEAST_ROUNDNESS = 0.6;
    private static final int ANY_SHAPE_UP_TO_PX = 150;
    private static final double OPENING_PX = 5;
    private static final double NUCLEUS_OPENING_PX = 3;
    private static final double NUCLEUS_MARGIN_PX = 8;
    private static final double PEAK_RADIUS_PX = 12;
    private static final double SMALLEST_RADIUS_PX = 8;
    private static final int FEWEST_CELLS = 3;
    /** Standard deviation of the kernel over the logarithm of the radius. */
    private static final double KERNEL = 0.15;

    private static final double WEIGHT_EXPONENT = 1.5;
    private static final double ALIKE = 1.25;

    private RedCellScale() {}

    /**
     * µm per px of the image; empty where it shows too few red cells.
     *
     * @param evenLight whether the light is the same everywhere, as it is over a single cell
     */
    static OptionalDouble estimateMicrometresPerPx(Mat bgr, boolean evenLight) {
        double scale = Math.min(1, (double) WORKING_SIDE_PX / Math.max(bgr.cols(), bgr.rows()));
        Mat small = Pixels.resized(bgr, Math.max(1, (int) Math.round(bgr.cols() * scale)), Math.max(1, (int)
                Math.round(bgr.rows() * scale)));
        StainDensity stain = new StainDensity(small, BLUR_PX, evenLight);
        double threshold = threshold(stain);
        for (double share : SHARES_OF_THRESHOLD) {
            OptionalDouble radiusPx =
                    commonRadius(radiiPx(stain, Math.clamp(share * threshold, FAINTEST_GREEN, STRONGEST_GREEN)));
            if (radiusPx.isPresent()) {
                double micrometres = INSCRIBED_DIAMETER_MICROMETRES / (2 * radiusPx.getAsDouble()) * scale;
                return PixelScale.isPossible(micrometres) ? OptionalDouble.of(micrometres) : OptionalDouble.empty();
            }
        }
        return OptionalDouble.empty();
    }

    /** Between the green densities of background and red cells. */
    private static double threshold(StainDensity stain) {
        float[] green = Pixels.floats(stain.green());
        float[] nuclear = Pixels.floats(stain.nuclear());
        long[] histogram = new long[LEVELS];
        for (int k = 0; k < green.length; k++) {
            if (nuclear[k] < NUCLEUS) {
                histogram[(int) Math.clamp(green[k] * LEVELS_PER_DENSITY, 0.0, LEVELS - 1.0)]++;
            }
        }
        return Otsu.threshold(histogram, 0) / LEVELS_PER_DENSITY;
    }

    /** The median of the radii around which most area lies; empty where too few agree. */
    private static OptionalDouble commonRadius(double[] radii) {
        double common = 0;
        double most = 0;
        for (double candidate : radii) {
            double weight = 0;
            for (double radius : radii) {
                double apart = Math.log(radius / candidate) / KERNEL;
                weight += Math.pow(radius, WEIGHT_EXPONENT) * Math.exp(-apart * apart / 2);
            }
            if (weight > most) {
                most = weight;
                common = candidate;
            }
        }
        double middle = common;
        double[] alike = DoubleStream.of(radii)
                .filter(r -> r > middle / ALIKE && r < middle * ALIKE)
                .sorted()
                .toArray();
        return alike.length < FEWEST_CELLS
                ? OptionalDouble.empty()
                : OptionalDouble.of((alike[(alike.length - 1) / 2] + alike[alike.length / 2]) / 2);
    }

    private static double[] radiiPx(StainDensity stain, double cellFrom) {
        Mat cells =
                Shapes.morphology(withoutDimples(StainDensity.above(stain.green(), cellFrom)), MORPH_OPEN, OPENING_PX);
        Mat nuclei = Shapes.morphology(StainDensity.above(stain.nuclear(), NUCLEUS), MORPH_OPEN, NUCLEUS_OPENING_PX);
        Mat nearNuclei = new Mat();
        dilate(nuclei, nearNuclei, Shapes.disk(NUCLEUS_MARGIN_PX));
        Mat distance = new Mat();
        distanceTransform(cells, distance, DIST_L2, 5);
        Mat highest = new Mat();
        dilate(distance, highest, Shapes.disk(PEAK_RADIUS_PX));
        return peaks(distance, highest, nearNuclei);
    }

    /** Fills what is enclosed, small, and round unless it is tiny: gaps between touching cells have corners. */
    private static Mat withoutDimples(Mat cells) {
        Mat light = new Mat();
        bitwise_not(cells, light);
        Shapes.Components components = Shapes.Components.of(light, 4);
        double largestPx = LARGEST_DIMPLE_SHARE * cells.rows() * cells.cols();
        boolean[] dimple = new boolean[components.count()];
        try (IntIndexer statistic = components.statistics().createIndexer()) {
            for (int label = 1; label < dimple.length; label++) {
                int areaPx = statistic.get(label, CC_STAT_AREA);
                double sidePx = Math.max(statistic.get(label, CC_STAT_WIDTH), statistic.get(label, CC_STAT_HEIGHT));
                dimple[label] = areaPx < largestPx
                        && (areaPx <= ANY_SHAPE_UP_TO_PX || areaPx >= LEAST_ROUNDNESS * Math.PI / 4 * sidePx * sidePx);
            }
        }
        int[] labels = Pixels.ints(components.labels());
        byte[] filled = Pixels.bytes(cells);
        for (int k = 0; k < labels.length; k++) {
            if (dimple[labels[k]]) {
                filled[k] = (byte) 255;
            }
        }
        return Pixels.mask(filled, cells.rows(), cells.cols());
    }

    /** The peaks' heights, of whole circles that are not white cells; a plateau counts once. */
    private static double[] peaks(Mat distance, Mat highest, Mat nearNuclei) {
        int rows = distance.rows();
        int columns = distance.cols();
        Mat peaks = new Mat(rows, columns, CV_8U);
        try (FloatIndexer at = distance.createIndexer();
                FloatIndexer top = highest.createIndexer();
                UByteIndexer nucleus = nearNuclei.createIndexer();
                UByteIndexer peak = peaks.createIndexer()) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    float radius = at.get(y, x);
                    boolean whole =
                            x >= radius + 1 && y >= radius + 1 && x + radius <= columns - 2 && y + radius <= rows - 2;
                    boolean isPeak =
                            radius > SMALLEST_RADIUS_PX && radius >= top.get(y, x) && nucleus.get(y, x) == 0 && whole;
                    peak.put(y, x, isPeak ? 255 : 0);
                }
            }
        }
        Shapes.Components plateaus = Shapes.Components.of(peaks, 8);
        double[] radii = new double[plateaus.count() - 1];
        try (IntIndexer label = plateaus.labels().createIndexer();
                FloatIndexer at = distance.createIndexer()) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    int of = label.get(y, x);
                    if (of > 0) {
                        radii[of - 1] = at.get(y, x);
                    }
                }
            }
        }
        return radii;
    }
}
