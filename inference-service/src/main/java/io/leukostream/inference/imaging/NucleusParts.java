package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;
import static org.bytedeco.opencv.global.opencv_imgproc.DIST_L2;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.distanceTransform;

import java.util.Arrays;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * The parts of a mask of nuclei: its connected components, each cut at its necks. The cuts are those of a watershed on the
 * distance to the outside (Vincent and Soille 1991, flooded from the peaks), where two basins stay apart only if both are
 * large and the neck between them is narrow against the narrower of them. A lobed nucleus falls into parts too; which of
 * them belong together is for {@link CellGroups} to say.
 *
 * @param owner int [H,W], row by row: 0 outside, else 1..count
 */
@SuppressWarnings("ArrayRecordComponent") // a working store of one call of the finder
record NucleusParts(int[] owner, int count) {
    private static final double SMALLEST_PART_MICROMETRES2 = 12;
    /** A neck is a neck below this share of the distance at the lower of its two peaks. */
    private static final double NECK_SHARE = 0.72;

    private static final double SMOOTHING_MICROMETRES = 0.5;
    /** What is larger, about 0.4 mm a side, is no clump of nuclei, and stays whole: memory has a bound. */
    private static final long LARGEST_WINDOW_PX = 4_000_000;

    /**
     * Cuts them.
     *
     * @param nuclei uint8 [H,W], 255 within
     */
    static NucleusParts of(Mat nuclei, double micrometresPerPx) {
        Shapes.Components components = Shapes.Components.of(nuclei, 8);
        int[] owner = Pixels.ints(components.labels());
        int columns = nuclei.cols();
        double smallestPx = SMALLEST_PART_MICROMETRES2 / (micrometresPerPx * micrometresPerPx);
        int count = components.count() - 1;
        int[] areasPx = components.areasPx();
        try (IntIndexer statistic = components.statistics().createIndexer()) {
            for (int label = 1; label < components.count(); label++) {
                Rect window = new Rect(
                        statistic.get(label, 0),
                        statistic.get(label, 1),
                        statistic.get(label, 2),
                        statistic.get(label, 3));
                if (areasPx[label] >= 2 * smallestPx && window.area() <= LARGEST_WINDOW_PX) {
                    count = new Flood(owner, columns, label, window, smallestPx)
                            .run(SMOOTHING_MICROMETRES / micrometresPerPx, count);
                }
            }
        }
        return new NucleusParts(owner, count);
    }

    /** One component, flooded from its peaks down. */
    private static final class Flood {
        private final int[] owner;
        private final int columns;
        private final int label;
        private final Rect window;
        private final double smallestPx;
        private final int stride;
        private final int[] basinOf;
        private final int[] parent;
        private final float[] peak;
        private final int[] areaPx;
        private int basins;

        Flood(int[] owner, int columns, int label, Rect window, double smallestPx) {
            this.owner = owner;
            this.columns = columns;
            this.label = label;
            this.window = window;
            this.smallestPx = smallestPx;
            this.stride = window.width() + 2;
            int cells = stride * (window.height() + 2);
            this.basinOf = new int[cells];
            this.parent = new int[cells];
            this.peak = new float[cells];
            this.areaPx = new int[cells];
        }

        /** Renames all basins but the first to labels after those given out; returns how many there are now. */
        int run(double blurPx, int given) {
            float[] distance = distance(blurPx);
            long[] order = new long[distance.length];
            int inside = 0;
            for (int k = 0; k < distance.length; k++) {
                if (isMine(k)) {
                    order[inside++] = (long) (Integer.MAX_VALUE - Float.floatToIntBits(distance[k])) << 32 | k;
                }
            }
            Arrays.sort(order, 0, inside);
            for (int k = 0; k < inside; k++) {
                int at = (int) order[k];
                flood(at, distance);
            }
            return rename(given);
        }

        private boolean isMine(int k) {
            int x = k % stride - 1;
            int y = k / stride - 1;
            return x >= 0
                    && y >= 0
                    && x < window.width()
                    && y < window.height()
                    && owner[(window.y() + y) * columns + window.x() + x] == label;
        }

        /** Distance to the outside in px, smoothed, with a margin of one px on each side. */
        private float[] distance(double blurPx) {
            byte[] inside = new byte[window.width() * window.height()];
            for (int y = 0; y < window.height(); y++) {
                for (int x = 0; x < window.width(); x++) {
                    boolean mine = owner[(window.y() + y) * columns + window.x() + x] == label;
                    inside[y * window.width() + x] = (byte) (mine ? 255 : 0);
                }
            }
            Mat framed = new Mat();
            copyMakeBorder(
                    Pixels.mask(inside, window.height(), window.width()),
                    framed,
                    1,
                    1,
                    1,
                    1,
                    BORDER_CONSTANT,
                    Scalar.all(0));
            Mat sharp = new Mat();
            distanceTransform(framed, sharp, DIST_L2, 5);
            Mat smooth = new Mat();
            GaussianBlur(sharp, smooth, new Size(0, 0), Math.max(0.3, blurPx));
            return Pixels.floats(smooth);
        }

        /** Gives a pixel to the basin of its highest neighbour, and joins the basins that meet in it if they may. */
        private void flood(int at, float[] distance) {
            int own = 0;
            float highest = -1;
            for (int dy = -stride; dy <= stride; dy += stride) {
                for (int dx = -1; dx <= 1; dx++) {
                    int neighbour = at + dy + dx;
                    if (basinOf[neighbour] != 0 && distance[neighbour] > highest) {
                        highest = distance[neighbour];
                        own = root(basinOf[neighbour]);
                    }
                }
            }
            if (own == 0) {
                own = ++basins;
                parent[own] = own;
                peak[own] = distance[at];
            }
            for (int dy = -stride; dy <= stride; dy += stride) {
                for (int dx = -1; dx <= 1; dx++) {
                    int other = root(basinOf[at + dy + dx]);
                    own = root(own);
                    if (other != 0 && other != own && !staysApart(own, other, distance[at])) {
                        int higher = peak[other] > peak[own] ? other : own;
                        int lower = higher == own ? other : own;
                        parent[lower] = higher;
                        areaPx[higher] += areaPx[lower];
                    }
                }
            }
            own = root(own);
            basinOf[at] = own;
            areaPx[own]++;
        }

        private boolean staysApart(int one, int other, float saddle) {
            return Math.min(areaPx[one], areaPx[other]) >= smallestPx
                    && saddle < NECK_SHARE * Math.min(peak[one], peak[other]);
        }

        private int root(int basin) {
            int at = basin;
            while (parent[at] != at) {
                at = parent[at];
            }
            return at;
        }

        private int rename(int given) {
            int count = given;
            int[] nameOf = new int[basins + 1];
            for (int basin = 1; basin <= basins; basin++) {
                if (root(basin) == basin) {
                    nameOf[basin] = nameOf[0] == 0 ? label : ++count;
                    nameOf[0] = label;
                }
            }
            for (int y = 0; y < window.height(); y++) {
                for (int x = 0; x < window.width(); x++) {
                    int basin = basinOf[(y + 1) * stride + x + 1];
                    if (basin != 0) {
                        owner[(window.y() + y) * columns + window.x() + x] = nameOf[root(basin)];
                    }
                }
            }
            return count;
        }
    }
}
