package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CMP_EQ;
import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.bitwise_and;
import static org.bytedeco.opencv.global.opencv_core.bitwise_not;
import static org.bytedeco.opencv.global.opencv_core.bitwise_or;
import static org.bytedeco.opencv.global.opencv_core.compare;
import static org.bytedeco.opencv.global.opencv_core.countNonZero;
import static org.bytedeco.opencv.global.opencv_imgproc.DIST_L2;
import static org.bytedeco.opencv.global.opencv_imgproc.DIST_LABEL_CCOMP;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_CLOSE;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_OPEN;
import static org.bytedeco.opencv.global.opencv_imgproc.THRESH_BINARY;
import static org.bytedeco.opencv.global.opencv_imgproc.boundingRect;
import static org.bytedeco.opencv.global.opencv_imgproc.distanceTransformWithLabels;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.threshold;

import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.PixelSize;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Finds the white cells of a stained smear by their nuclei. Nuclei are what is stained most, by a threshold that the image
 * itself gives; lobes of one nucleus are merged; the cell is what is stained around its nucleus, each pixel given to the
 * nearest one. Works at about 0.25 µm per px, whatever the camera. Cells whose nuclei touch are found as one.
 */
final class WhiteCellFinder {
    private static final double WORKING_MICROMETRES_PER_PX = 0.25;
    private static final double BLUR_MICROMETRES = 0.5;
    /** Density below which nothing is taken for a nucleus, even if the image shows nothing darker. */
    private static final double FAINTEST_NUCLEUS = 0.10;
    /** Density from which a pixel may be nucleus or cytoplasm; those below are left out when the threshold is found. */
    private static final double FAINTEST_STAIN = 0.05;

    private static final double SMOOTHING_RADIUS_MICROMETRES = 0.6;
    private static final double LOBE_GAP_RADIUS_MICROMETRES = 1.2;
    private static final double SMALLEST_LOBE_MICROMETRES2 = 3;
    /** Platelets are smaller. */
    private static final double SMALLEST_NUCLEUS_MICROMETRES2 = 12;

    private static final double SMALLEST_CELL_MICROMETRES2 = 20;
    private static final double WIDEST_CYTOPLASM_MICROMETRES = 3;
    /** Cytoplasm is stained at least this share of the nuclei's threshold, or this less where green absorbs too. */
    private static final double CYTOPLASM_SHARE = 0.5;

    private static final double CYTOPLASM_SHARE_WHERE_GREEN_ABSORBS = 0.3;
    private static final double CYTOPLASM_GREEN = 0.05;
    private static final double CYTOPLASM_OPENING_MICROMETRES = 0.5;
    private static final double CELL_OPENING_MICROMETRES = 0.8;
    private static final int LEVELS = 256;

    private final Mat image;
    private final Mat working;
    private final double scale;
    private final double micrometresPerPx;

    /** @param bgr uint8 [H,W,3] */
    WhiteCellFinder(Mat bgr, PixelSize pixelSize) {
        image = bgr;
        scale = Math.min(1, pixelSize.micrometres() / WORKING_MICROMETRES_PER_PX);
        micrometresPerPx = pixelSize.micrometres() / scale;
        if (scale < 1) {
            working = new Mat();
            int width = Math.max(1, (int) Math.round(bgr.cols() * scale));
            int height = Math.max(1, (int) Math.round(bgr.rows() * scale));
            resize(bgr, working, new Size(width, height), 0, 0, INTER_AREA);
        } else {
            working = bgr;
        }
    }

    /** The white cells, in no particular order. */
    List<Region> find() {
        StainDensity stain = new StainDensity(working, BLUR_MICROMETRES / micrometresPerPx);
        double nucleusFrom = nucleusThreshold(stain.nuclear());
        Mat nuclei = nuclei(stain.nuclear(), nucleusFrom);
        Shapes.Components owners = Shapes.Components.of(nuclei, 8);
        if (owners.count() < 2) {
            return List.of();
        }
        return cells(nuclei, owners, cytoplasm(stain, nucleusFrom));
    }

    private double px(double micrometres) {
        return micrometres / micrometresPerPx;
    }

    private double micrometres2(int areaPx) {
        return areaPx * micrometresPerPx * micrometresPerPx;
    }

    /** Otsu's threshold (1979) over what is stained at all. */
    private static double nucleusThreshold(Mat density) {
        Mat levels = new Mat();
        density.convertTo(levels, CV_8U, LEVELS - 1, 0);
        byte[] row = new byte[levels.cols()];
        long[] histogram = new long[LEVELS];
        for (int y = 0; y < levels.rows(); y++) {
            try (BytePointer pixels = levels.ptr(y)) {
                pixels.get(row);
            }
            for (byte pixel : row) {
                histogram[pixel & 0xFF]++;
            }
        }
        int lowest = (int) (FAINTEST_STAIN * (LEVELS - 1)) + 1;
        long count = 0;
        double sum = 0;
        for (int level = lowest; level < LEVELS; level++) {
            count += histogram[level];
            sum += (double) level * histogram[level];
        }
        long below = 0;
        double sumBelow = 0;
        double best = 0;
        int threshold = 0;
        for (int level = lowest; level < LEVELS; level++) {
            below += histogram[level];
            sumBelow += (double) level * histogram[level];
            long above = count - below;
            if (below == 0 || above == 0) {
                continue;
            }
            double apart = sumBelow / below - (sum - sumBelow) / above;
            double between = (double) below * above * apart * apart;
            if (between > best) {
                best = between;
                threshold = level;
            }
        }
        return Math.max(FAINTEST_NUCLEUS, (double) threshold / (LEVELS - 1));
    }

    private Mat nuclei(Mat density, double from) {
        Mat stained =
                Shapes.morphology(StainDensity.above(density, from), MORPH_OPEN, px(SMOOTHING_RADIUS_MICROMETRES));
        Mat lobes = keepFrom(SMALLEST_LOBE_MICROMETRES2, stained, stained);
        Mat merged = Shapes.morphology(lobes, MORPH_CLOSE, px(LOBE_GAP_RADIUS_MICROMETRES));
        return keepFrom(SMALLEST_NUCLEUS_MICROMETRES2, merged, lobes);
    }

    /** The components of a mask that hold at least that area of what counts. */
    private Mat keepFrom(double smallestMicrometres2, Mat mask, Mat counted) {
        Shapes.Components components = Shapes.Components.of(mask, 8);
        int[] countedPx = new int[components.count()];
        Mat kept = new Mat(mask.rows(), mask.cols(), CV_8U);
        try (IntIndexer label = components.labels().createIndexer();
                UByteIndexer at = counted.createIndexer();
                UByteIndexer keep = kept.createIndexer()) {
            for (int y = 0; y < mask.rows(); y++) {
                for (int x = 0; x < mask.cols(); x++) {
                    if (at.get(y, x) != 0) {
                        countedPx[label.get(y, x)]++;
                    }
                }
            }
            for (int y = 0; y < mask.rows(); y++) {
                for (int x = 0; x < mask.cols(); x++) {
                    int of = label.get(y, x);
                    boolean large = of > 0 && micrometres2(countedPx[of]) >= smallestMicrometres2;
                    keep.put(y, x, large ? 255 : 0);
                }
            }
        }
        return kept;
    }

    private Mat cytoplasm(StainDensity stain, double nucleusFrom) {
        Mat green = StainDensity.above(stain.green(), CYTOPLASM_GREEN);
        Mat slight = StainDensity.above(stain.nuclear(), CYTOPLASM_SHARE_WHERE_GREEN_ABSORBS * nucleusFrom);
        Mat both = new Mat();
        bitwise_and(green, slight, both);
        Mat either = new Mat();
        bitwise_or(StainDensity.above(stain.nuclear(), CYTOPLASM_SHARE * nucleusFrom), both, either);
        return Shapes.morphology(either, MORPH_OPEN, px(CYTOPLASM_OPENING_MICROMETRES));
    }

    private List<Region> cells(Mat nuclei, Shapes.Components owners, Mat cytoplasm) {
        Mat outside = new Mat();
        bitwise_not(nuclei, outside);
        Mat distance = new Mat();
        Mat nearest = new Mat();
        distanceTransformWithLabels(outside, distance, nearest, DIST_L2, 5, DIST_LABEL_CCOMP);
        Mat far = StainDensity.above(distance, px(WIDEST_CYTOPLASM_MICROMETRES));
        Mat near = new Mat();
        bitwise_not(far, near);
        Mat around = new Mat();
        bitwise_and(near, cytoplasm, around);
        Mat cell = new Mat();
        bitwise_or(around, nuclei, cell);

        int reach = (int) Math.ceil(px(WIDEST_CYTOPLASM_MICROMETRES)) + 2;
        List<Region> found = new ArrayList<>();
        try (IntIndexer statistic = owners.statistics().createIndexer()) {
            for (int owner = 1; owner < owners.count(); owner++) {
                int left = Math.max(0, statistic.get(owner, 0) - reach);
                int top = Math.max(0, statistic.get(owner, 1) - reach);
                int right = Math.min(cell.cols(), statistic.get(owner, 0) + statistic.get(owner, 2) + reach);
                int bottom = Math.min(cell.rows(), statistic.get(owner, 1) + statistic.get(owner, 3) + reach);
                Rect window = new Rect(left, top, right - left, bottom - top);
                Mat mine =
                        mine(new Mat(owners.labels(), window), owner, new Mat(nearest, window), new Mat(cell, window));
                Mat opened = Shapes.morphology(mine, MORPH_OPEN, px(CELL_OPENING_MICROMETRES));
                Mat mask = Shapes.Components.of(opened, 8).largest();
                if (micrometres2(countNonZero(mask)) >= SMALLEST_CELL_MICROMETRES2) {
                    found.add(atFullSize(mask, window));
                }
            }
        }
        return found;
    }

    /** Within a window, the cell's pixels that are nearest to that nucleus. */
    private static Mat mine(Mat ownerLabels, int owner, Mat nearest, Mat cell) {
        Mat nucleus = new Mat();
        compare(ownerLabels, Pixels.scalar(owner), nucleus, CMP_EQ);
        int label = 0;
        try (UByteIndexer at = nucleus.createIndexer();
                IntIndexer nearestAt = nearest.createIndexer()) {
            for (int y = 0; label == 0 && y < nucleus.rows(); y++) {
                for (int x = 0; label == 0 && x < nucleus.cols(); x++) {
                    if (at.get(y, x) != 0) {
                        label = nearestAt.get(y, x);
                    }
                }
            }
        }
        Mat nearestIsMine = new Mat();
        compare(nearest, Pixels.scalar(label), nearestIsMine, CMP_EQ);
        Mat mine = new Mat();
        bitwise_and(cell, nearestIsMine, mine);
        return mine;
    }

    private Region atFullSize(Mat mask, Rect window) {
        int left = (int) Math.round(window.x() / scale);
        int top = (int) Math.round(window.y() / scale);
        int width = Math.min(image.cols(), (int) Math.round((window.x() + window.width()) / scale)) - left;
        int height = Math.min(image.rows(), (int) Math.round((window.y() + window.height()) / scale)) - top;
        Mat smooth = new Mat();
        resize(mask, smooth, new Size(width, height), 0, 0, INTER_LINEAR);
        Mat full = new Mat();
        threshold(smooth, full, 127, 255, THRESH_BINARY);
        Rect box = boundingRect(full);
        Mat tight = new Mat(full, box).clone();
        return new Region(
                new CellBox(left + box.x(), top + box.y(), box.width(), box.height()), tight, countNonZero(tight));
    }
}
