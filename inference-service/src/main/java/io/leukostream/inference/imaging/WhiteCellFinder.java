package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.bitwise_and;
import static org.bytedeco.opencv.global.opencv_core.bitwise_not;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;
import static org.bytedeco.opencv.global.opencv_core.countNonZero;
import static org.bytedeco.opencv.global.opencv_imgproc.DIST_L2;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_CLOSE;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_OPEN;
import static org.bytedeco.opencv.global.opencv_imgproc.THRESH_BINARY;
import static org.bytedeco.opencv.global.opencv_imgproc.boundingRect;
import static org.bytedeco.opencv.global.opencv_imgproc.distanceTransform;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.threshold;

import io.leukostream.inference.domain.CellBox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Finds the white cells of a stained smear by their nuclei. Nuclei are what is stained most, by a threshold that the image
 * itself gives, on densities that uneven light does not change. They are cut at their necks; the cytoplasm around, by a
 * threshold between the image's red cells and its nuclei, is given to the part from which it is reached first; and the
 * parts that make a round cell together are joined. Works at about 0.2 µm per px, whatever the camera.
 *
 * <p>Red cells have no nucleus and are not found; what is stained like a nucleus and is smaller than one, platelets mostly,
 * is counted only.
 */
final class WhiteCellFinder {
    private static final double WORKING_MICROMETRES_PER_PX = 0.2;
    /** Of a narrower image the light is taken to be even. */
    private static final double NARROWEST_FIELD_MICROMETRES = 40;

    private static final double BLUR_MICROMETRES = 0.4;
    /** Density below which nothing is taken for a nucleus, even if the image shows nothing darker. */
    private static final double FAINTEST_NUCLEUS = 0.10;
    /** Density from which a pixel may be nucleus or cytoplasm; those below are left out when the threshold is found. */
    private static final double FAINTEST_STAIN = 0.05;

    private static final double SMOOTHING_RADIUS_MICROMETRES = 0.45;
    private static final double LARGEST_PINHOLE_MICROMETRES2 = 3;
    private static final double SMALLEST_LOBE_MICROMETRES2 = 2.5;
    /** Platelets are smaller. */
    private static final double SMALLEST_NUCLEUS_MICROMETRES2 = 12;

    private static final double SMALLEST_CELL_MICROMETRES2 = 20;
    private static final double WIDEST_CYTOPLASM_MICROMETRES = 5;
    /** Density in green from which a pixel far from nuclei counts as a red cell's. */
    private static final double RED_CELL_GREEN = 0.06;

    private static final double FEWEST_RED_CELL_MICROMETRES2 = 60;
    /** Cytoplasm is stained more than red cells by this share of the way from them to the nuclei's threshold. */
    private static final double CYTOPLASM_BEYOND_RED_CELLS = 0.05;
    /** The same where no red cell is seen, as a share of the nuclei's threshold. */
    private static final double CYTOPLASM_SHARE = 0.3;

    private static final double LEAST_CYTOPLASM_SHARE = 0.08;
    private static final double MOST_CYTOPLASM_SHARE = 0.4;
    private static final double CYTOPLASM_GREEN = 0.03;
    /** Nuclear against green density: lower in red cells than in cytoplasm, where haemoglobin looks red. */
    private static final double LEAST_COLOUR_RATIO = 0.1;

    private static final double MOST_COLOUR_RATIO = 0.5;
    private static final double COLOUR_RATIO_WITHOUT_RED_CELLS = 0.2;
    private static final double FAINTEST_GREEN_OF_RATIO = 0.02;
    private static final double CYTOPLASM_OPENING_MICROMETRES = 1.2;
    private static final double CELL_CLOSING_MICROMETRES = 1.5;
    private static final double CELL_OPENING_MICROMETRES = 1.2;
    private static final int LEVELS = 256;
    /** Far more than a field of view has; the time to put parts together grows with the cube of their number. */
    private static final int MOST_PARTS = 2_000;

    private final Mat image;
    private final Mat working;
    private final double scale;
    private final double micrometresPerPx;

    /**
     * What was found.
     *
     * @param cells in no particular order
     * @param tooSmall how many stained bits were left out because they are smaller than a nucleus: platelets mostly
     * @param isCrowded whether there were so many that none was looked at
     */
    record Found(List<WhiteCell> cells, int tooSmall, boolean isCrowded) {}

    /** @param bgr uint8 [H,W,3] */
    WhiteCellFinder(Mat bgr, double pixelSizeMicrometres) {
        image = bgr;
        scale = Math.min(1, pixelSizeMicrometres / WORKING_MICROMETRES_PER_PX);
        micrometresPerPx = pixelSizeMicrometres / scale;
        if (scale < 1) {
            working = new Mat();
            int width = Math.max(1, (int) Math.round(bgr.cols() * scale));
            int height = Math.max(1, (int) Math.round(bgr.rows() * scale));
            resize(bgr, working, new Size(width, height), 0, 0, INTER_AREA);
        } else {
            working = bgr;
        }
    }

    /** Pixels of the image in which it looks for cells; Java needs about 50 bytes for each. */
    static long workingPixels(long widthPx, long heightPx, double pixelSizeMicrometres) {
        double scale = Math.min(1, pixelSizeMicrometres / WORKING_MICROMETRES_PER_PX);
        return Math.round(widthPx * scale) * Math.round(heightPx * scale);
    }

    /** Finds them. */
    Found find() {
        boolean evenLight = Math.max(working.cols(), working.rows()) * micrometresPerPx < NARROWEST_FIELD_MICROMETRES;
        StainDensity stain = new StainDensity(working, px(BLUR_MICROMETRES), evenLight);
        double nucleusFrom = nucleusThreshold(stain.nuclear());
        NucleusParts parts = NucleusParts.of(nuclei(stain.nuclear(), nucleusFrom), micrometresPerPx);
        if (parts.count() == 0 || parts.count() > MOST_PARTS) {
            return new Found(List.of(), 0, parts.count() > MOST_PARTS);
        }
        int[] territories =
                Shapes.spread(parts.owner(), cells(stain, nucleusFrom, mask(parts.owner())), working.cols());
        List<CellGroups.Group> groups = new CellGroups(
                        working.rows(), working.cols(), micrometresPerPx, SMALLEST_NUCLEUS_MICROMETRES2)
                .of(parts, territories);
        int[] groupOf = new int[parts.count() + 1];
        int tooSmall = 0;
        for (int k = 0; k < groups.size(); k++) {
            for (int part : groups.get(k).parts()) {
                groupOf[part] = k + 1;
            }
        }
        int[] cellOf = Arrays.stream(territories).map(part -> groupOf[part]).toArray();
        Rect[] windows = windows(cellOf, groups.size());
        List<WhiteCell> found = new ArrayList<>();
        for (int k = 0; k < groups.size(); k++) {
            if (micrometres2(groups.get(k).nucleusPx()) < SMALLEST_NUCLEUS_MICROMETRES2) {
                tooSmall++;
            } else {
                whiteCell(k + 1, cellOf, parts.owner(), windows[k], stain).ifPresent(found::add);
            }
        }
        return new Found(found, tooSmall, false);
    }

    private double px(double micrometres) {
        return micrometres / micrometresPerPx;
    }

    private double micrometres2(int areaPx) {
        return areaPx * micrometresPerPx * micrometresPerPx;
    }

    private static double nucleusThreshold(Mat density) {
        long[] histogram = new long[LEVELS];
        for (float value : Pixels.floats(density)) {
            histogram[(int) Math.clamp(value * (LEVELS - 1), 0f, LEVELS - 1f)]++;
        }
        int threshold = Otsu.threshold(histogram, (int) (FAINTEST_STAIN * (LEVELS - 1)) + 1);
        return Math.max(FAINTEST_NUCLEUS, (double) threshold / (LEVELS - 1));
    }

    /** What is stained like a nucleus, smoothed, without specks and pinholes. */
    private Mat nuclei(Mat density, double from) {
        Mat stained =
                Shapes.morphology(StainDensity.above(density, from), MORPH_OPEN, px(SMOOTHING_RADIUS_MICROMETRES));
        Mat lobes = Shapes.without(stained, 8, SMALLEST_LOBE_MICROMETRES2 / micrometres2(1));
        Mat around = new Mat();
        bitwise_not(lobes, around);
        Mat withoutPinholes = Shapes.without(around, 4, LARGEST_PINHOLE_MICROMETRES2 / micrometres2(1));
        Mat nuclei = new Mat();
        bitwise_not(withoutPinholes, nuclei);
        return nuclei;
    }

    private Mat mask(int[] owner) {
        byte[] values = new byte[owner.length];
        for (int k = 0; k < owner.length; k++) {
            values[k] = (byte) (owner[k] == 0 ? 0 : 255);
        }
        return Pixels.mask(values, working.rows(), working.cols());
    }

    /** Nuclei, and what around them is stained as cytoplasm and no red cell, byte [H,W]. */
    private byte[] cells(StainDensity stain, double nucleusFrom, Mat nuclei) {
        Mat outside = new Mat();
        bitwise_not(nuclei, outside);
        Mat distances = new Mat();
        distanceTransform(outside, distances, DIST_L2, 5);
        float[] distance = Pixels.floats(distances);
        float[] nuclear = Pixels.floats(stain.nuclear());
        float[] green = Pixels.floats(stain.green());
        double reachPx = px(WIDEST_CYTOPLASM_MICROMETRES);

        float[] redCells = new float[nuclear.length];
        float[] ratios = new float[nuclear.length];
        int count = 0;
        for (int k = 0; k < nuclear.length; k++) {
            if (distance[k] > reachPx && nuclear[k] < nucleusFrom && green[k] > RED_CELL_GREEN) {
                redCells[count] = nuclear[k];
                ratios[count++] = nuclear[k] / green[k];
            }
        }
        double from = CYTOPLASM_SHARE * nucleusFrom;
        double ratioFrom = COLOUR_RATIO_WITHOUT_RED_CELLS;
        if (micrometres2(count) > FEWEST_RED_CELL_MICROMETRES2) {
            Arrays.sort(redCells, 0, count);
            Arrays.sort(ratios, 0, count);
            double redCell = redCells[count / 2];
            from = redCell + CYTOPLASM_BEYOND_RED_CELLS * (nucleusFrom - redCell);
            ratioFrom = Math.clamp(ratios[count * 9 / 10], LEAST_COLOUR_RATIO, MOST_COLOUR_RATIO);
        }
        from = Math.clamp(from, LEAST_CYTOPLASM_SHARE * nucleusFrom, MOST_CYTOPLASM_SHARE * nucleusFrom);

        byte[] stained = new byte[nuclear.length];
        for (int k = 0; k < nuclear.length; k++) {
            boolean cytoplasm = nuclear[k] > from
                    && green[k] > CYTOPLASM_GREEN
                    && nuclear[k] > ratioFrom * Math.max(green[k], FAINTEST_GREEN_OF_RATIO);
            stained[k] = (byte) (cytoplasm ? 255 : 0);
        }
        byte[] cells = Pixels.bytes(Shapes.morphology(
                Pixels.mask(stained, working.rows(), working.cols()), MORPH_OPEN, px(CYTOPLASM_OPENING_MICROMETRES)));
        for (int k = 0; k < cells.length; k++) {
            cells[k] = (byte) (distance[k] == 0 || (cells[k] != 0 && distance[k] <= reachPx) ? 255 : 0);
        }
        return cells;
    }

    /** By cell, the smallest window that holds it. */
    private Rect[] windows(int[] cellOf, int count) {
        int[] left = new int[count + 1];
        int[] top = new int[count + 1];
        int[] right = new int[count + 1];
        int[] bottom = new int[count + 1];
        Arrays.fill(left, Integer.MAX_VALUE);
        Arrays.fill(top, Integer.MAX_VALUE);
        for (int y = 0, at = 0; y < working.rows(); y++) {
            for (int x = 0; x < working.cols(); x++, at++) {
                int cell = cellOf[at];
                left[cell] = Math.min(left[cell], x);
                top[cell] = Math.min(top[cell], y);
                right[cell] = Math.max(right[cell], x + 1);
                bottom[cell] = Math.max(bottom[cell], y + 1);
            }
        }
        Rect[] windows = new Rect[count];
        for (int k = 1; k <= count; k++) {
            windows[k - 1] = new Rect(left[k], top[k], right[k] - left[k], bottom[k] - top[k]);
        }
        return windows;
    }

    private Optional<WhiteCell> whiteCell(int cell, int[] cellOf, int[] owner, Rect window, StainDensity stain) {
        byte[] cells = new byte[window.area()];
        byte[] others = new byte[window.area()];
        byte[] nuclei = new byte[window.area()];
        for (int y = 0, to = 0; y < window.height(); y++) {
            for (int x = 0; x < window.width(); x++, to++) {
                int at = (window.y() + y) * working.cols() + window.x() + x;
                boolean mine = cellOf[at] == cell;
                cells[to] = (byte) (mine ? 255 : 0);
                others[to] = (byte) (!mine && cellOf[at] != 0 ? 255 : 0);
                nuclei[to] = (byte) (mine && owner[at] != 0 ? 255 : 0);
            }
        }
        Mat mask = rounded(
                Pixels.mask(cells, window.height(), window.width()),
                Pixels.mask(others, window.height(), window.width()));
        if (micrometres2(countNonZero(mask)) < SMALLEST_CELL_MICROMETRES2) {
            return Optional.empty();
        }
        Mat nucleus = new Mat();
        bitwise_and(Pixels.mask(nuclei, window.height(), window.width()), mask, nucleus);
        double sharpness = rimSharpness(nucleus, new Mat(stain.nuclear(), window));
        return Optional.of(atFullSize(mask, nucleus, window, sharpness));
    }

    /** Its bays filled and its spurs cut off, without what is another cell's; the largest piece of it. */
    private Mat rounded(Mat cell, Mat others) {
        int margin = (int) Math.ceil(px(CELL_CLOSING_MICROMETRES)) + 1;
        Mat framed = new Mat();
        copyMakeBorder(cell, framed, margin, margin, margin, margin, BORDER_CONSTANT, Scalar.all(0));
        Mat closed = Shapes.morphology(framed, MORPH_CLOSE, px(CELL_CLOSING_MICROMETRES));
        Mat own = new Mat(closed, new Rect(margin, margin, cell.cols(), cell.rows())).clone();
        own.setTo(Pixels.scalar(0), others);
        Mat opened = Shapes.morphology(own, MORPH_OPEN, px(CELL_OPENING_MICROMETRES));
        return Shapes.Components.of(opened, 8).largest();
    }

    /** The mean slope of the density on the mask's rim, by its mean within. */
    private double rimSharpness(Mat nucleus, Mat density) {
        byte[] inside = Pixels.bytes(nucleus);
        int columns = nucleus.cols();
        int rows = nucleus.rows();
        float[] values = Pixels.floats(density.clone());
        double sum = 0;
        int count = 0;
        double slope = 0;
        int rim = 0;
        for (int y = 1; y < rows - 1; y++) {
            for (int x = 1; x < columns - 1; x++) {
                int at = y * columns + x;
                if (inside[at] == 0) {
                    continue;
                }
                sum += values[at];
                count++;
                boolean isRim = inside[at - 1] == 0
                        || inside[at + 1] == 0
                        || inside[at - columns] == 0
                        || inside[at + columns] == 0;
                if (isRim) {
                    slope += Math.hypot(values[at + 1] - values[at - 1], values[at + columns] - values[at - columns])
                            / (2 * micrometresPerPx);
                    rim++;
                }
            }
        }
        return rim == 0 ? 0 : slope / rim / (sum / count);
    }

    private WhiteCell atFullSize(Mat mask, Mat nucleus, Rect window, double rimSharpness) {
        int left = (int) Math.round(window.x() / scale);
        int top = (int) Math.round(window.y() / scale);
        int width = Math.min(image.cols(), (int) Math.round((window.x() + window.width()) / scale)) - left;
        int height = Math.min(image.rows(), (int) Math.round((window.y() + window.height()) / scale)) - top;
        Mat full = enlarged(mask, width, height);
        Rect box = boundingRect(full);
        Mat tight = new Mat(full, box).clone();
        Region cell = new Region(
                new CellBox(left + box.x(), top + box.y(), box.width(), box.height()), tight, countNonZero(tight));
        return new WhiteCell(cell, new Mat(enlarged(nucleus, width, height), box).clone(), rimSharpness);
    }

    private static Mat enlarged(Mat mask, int width, int height) {
        Mat smooth = new Mat();
        resize(mask, smooth, new Size(width, height), 0, 0, INTER_LINEAR);
        Mat full = new Mat();
        threshold(smooth, full, 127, 255, THRESH_BINARY);
        return full;
    }
}
