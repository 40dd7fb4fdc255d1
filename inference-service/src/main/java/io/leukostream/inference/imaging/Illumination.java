package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.DECOMP_CHOLESKY;
import static org.bytedeco.opencv.global.opencv_core.solve;

import java.util.Arrays;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The light behind a smear: the decimal logarithm of what each channel would be without any stain. Over a whole field it
 * is a surface of second degree, because lamps and cheap cameras shade towards the rim, each channel in its own way; over
 * a single cell it is a constant, because there a surface would follow the cell. It is fitted to the pixels that are
 * brightest in green, where both stains absorb, again and again relative to the last fit.
 */
final class Illumination {
    private static final int FITTED_SIDE_PX = 64;
    private static final int FEWEST_PX = 8;
    private static final int ROUNDS = 4;
    private static final int LEVELS = 256;
    /** Holds the surface flat where too little background is seen to tell its slope. */
    private static final double FLATNESS = 1e-3;

    /** By channel in the order blue, green, red: of 1, x, y, x², xy, y² with x and y from −1 to 1. */
    private final double[][] coefficients;

    private final int terms;

    private Illumination(double[][] coefficients, int terms) {
        this.coefficients = coefficients;
        this.terms = terms;
    }

    /**
     * Fits it.
     *
     * @param bgr uint8 [H,W,3]
     * @param even whether the light is taken to be the same everywhere
     */
    static Illumination of(Mat bgr, boolean even) {
        double scale = Math.min(1, (double) FITTED_SIDE_PX / Math.max(bgr.cols(), bgr.rows()));
        Mat small = Pixels.resized(
                bgr,
                Math.max(Math.min(FEWEST_PX, bgr.cols()), (int) Math.round(bgr.cols() * scale)),
                Math.max(Math.min(FEWEST_PX, bgr.rows()), (int) Math.round(bgr.rows() * scale)));
        int columns = small.cols();
        int pixels = columns * small.rows();
        byte[] levels = Pixels.bytes(small);
        int terms = even ? 1 : 6;
        double[][] term = new double[pixels][];
        double[][] logarithm = new double[3][pixels];
        for (int k = 0; k < pixels; k++) {
            term[k] = terms(relative(k % columns, columns), relative(k / columns, small.rows()));
            for (int channel = 0; channel < 3; channel++) {
                logarithm[channel][k] = Math.log10((levels[3 * k + channel] & 0xFF) + 1);
            }
        }
        Illumination light = new Illumination(new double[3][terms], terms);
        double[] residual = logarithm[1].clone();
        for (int round = 0; round < ROUNDS; round++) {
            boolean[] bright = bright(residual);
            light = new Illumination(fit(term, logarithm, bright, terms), terms);
            for (int k = 0; k < pixels; k++) {
                residual[k] = logarithm[1][k] - light.at(1, term[k]);
            }
        }
        return light;
    }

    /** The logarithm of the light at each pixel of one row, added up over the channels with those weights. */
    void row(int y, int rows, int columns, double[] weights, float[] into) {
        double[] weighted = new double[6];
        for (int channel = 0; channel < 3; channel++) {
            for (int t = 0; t < terms; t++) {
                weighted[t] += weights[channel] * coefficients[channel][t];
            }
        }
        double v = relative(y, rows);
        double constant = weighted[0] + weighted[2] * v + weighted[5] * v * v;
        double slope = weighted[1] + weighted[4] * v;
        for (int x = 0; x < columns; x++) {
            double u = relative(x, columns);
            into[x] = (float) (constant + u * (slope + weighted[3] * u));
        }
    }

    private double at(int channel, double[] term) {
        double sum = 0;
        for (int t = 0; t < terms; t++) {
            sum += coefficients[channel][t] * term[t];
        }
        return sum;
    }

    private static double relative(int position, int size) {
        return size < 2 ? 0 : 2.0 * position / (size - 1) - 1;
    }

    private static double[] terms(double x, double y) {
        return new double[] {1, x, y, x * x, x * y, y * y};
    }

    /** Those above Otsu's threshold, found between the first and the last hundredth. */
    private static boolean[] bright(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double lowest = sorted[sorted.length / 100];
        double span = Math.max(1e-6, sorted[sorted.length - 1 - sorted.length / 100] - lowest);
        int[] level = new int[values.length];
        long[] histogram = new long[LEVELS];
        for (int k = 0; k < values.length; k++) {
            level[k] = (int) Math.clamp((values[k] - lowest) / span * (LEVELS - 1), 0.0, LEVELS - 1.0);
            histogram[level[k]]++;
        }
        int threshold = Otsu.threshold(histogram, 0);
        boolean[] bright = new boolean[values.length];
        for (int k = 0; k < values.length; k++) {
            bright[k] = level[k] > threshold || histogram[level[k]] == values.length;
        }
        return bright;
    }

    /** Least squares by the normal equations. */
    private static double[][] fit(double[][] term, double[][] values, boolean[] used, int terms) {
        double[][] products = new double[terms][terms];
        double[][] right = new double[terms][3];
        int count = 0;
        for (int k = 0; k < used.length; k++) {
            if (!used[k]) {
                continue;
            }
            count++;
            for (int row = 0; row < terms; row++) {
                for (int column = 0; column < terms; column++) {
                    products[row][column] += term[k][row] * term[k][column];
                }
                for (int channel = 0; channel < 3; channel++) {
                    right[row][channel] += term[k][row] * values[channel][k];
                }
            }
        }
        for (int row = 1; row < terms; row++) {
            products[row][row] += FLATNESS * count;
        }
        Mat solution = new Mat();
        if (!solve(matrix(products), matrix(right), solution, DECOMP_CHOLESKY)) {
            throw new IllegalStateException("the light's equations have no solution for " + count + " pixels");
        }
        double[][] coefficients = new double[3][terms];
        try (DoubleIndexer at = solution.createIndexer()) {
            for (int row = 0; row < terms; row++) {
                for (int channel = 0; channel < 3; channel++) {
                    coefficients[channel][row] = at.get(row, channel);
                }
            }
        }
        return coefficients;
    }

    private static Mat matrix(double[][] rows) {
        Mat matrix = new Mat(rows.length, rows[0].length, CV_64F);
        try (DoubleIndexer at = matrix.createIndexer()) {
            for (int row = 0; row < rows.length; row++) {
                for (int column = 0; column < rows[row].length; column++) {
                    at.put(row, column, rows[row][column]);
                }
            }
        }
        return matrix;
    }
}
