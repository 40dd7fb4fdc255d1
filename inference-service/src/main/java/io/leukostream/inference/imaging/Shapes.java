package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CMP_EQ;
import static org.bytedeco.opencv.global.opencv_core.CV_32S;
import static org.bytedeco.opencv.global.opencv_core.compare;
import static org.bytedeco.opencv.global.opencv_imgproc.CC_STAT_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.MORPH_ELLIPSE;
import static org.bytedeco.opencv.global.opencv_imgproc.connectedComponentsWithStats;
import static org.bytedeco.opencv.global.opencv_imgproc.getStructuringElement;
import static org.bytedeco.opencv.global.opencv_imgproc.morphologyEx;

import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Operations on masks, uint8 [H,W] of 0 and 255. */
final class Shapes {
    private Shapes() {}

    /**
     * The connected components of a mask.
     *
     * @param labels int32 [H,W]: 0 outside, else 1..count−1
     * @param statistics int32 [count,5] in OpenCV's columns
     * @param count with the outside
     */
    record Components(Mat labels, Mat statistics, int count) {
        static Components of(Mat mask, int connectivity) {
            Mat labels = new Mat();
            Mat statistics = new Mat();
            int count = connectedComponentsWithStats(mask, labels, statistics, new Mat(), connectivity, CV_32S);
            return new Components(labels, statistics, count);
        }

        /** Pixels by label. */
        int[] areasPx() {
            int[] areas = new int[count];
            try (IntIndexer at = statistics.createIndexer()) {
                for (int label = 0; label < count; label++) {
                    areas[label] = at.get(label, CC_STAT_AREA);
                }
            }
            return areas;
        }

        /** The largest component as a mask; an empty mask where there is none. */
        Mat largest() {
            int[] areas = areasPx();
            int largest = -1;
            for (int label = 1; label < count; label++) {
                if (largest < 0 || areas[label] > areas[largest]) {
                    largest = label;
                }
            }
            Mat mask = new Mat();
            compare(labels, Pixels.scalar(largest), mask, CMP_EQ);
            return mask;
        }
    }

    /** The mask without its components of fewer px than that. */
    static Mat without(Mat mask, int connectivity, double smallestPx) {
        Components components = Components.of(mask, connectivity);
        int[] areas = components.areasPx();
        int[] labels = Pixels.ints(components.labels());
        byte[] kept = new byte[labels.length];
        for (int k = 0; k < labels.length; k++) {
            kept[k] = (byte) (labels[k] != 0 && areas[labels[k]] >= smallestPx ? 255 : 0);
        }
        return Pixels.mask(kept, mask.rows(), mask.cols());
    }

    /**
     * Labels spread over an area, from pixel to neighbouring pixel, until it is full: each pixel goes to the label that
     * reaches it first.
     *
     * @param seeds int [H,W], row by row: 0 where free
     * @param area byte [H,W], row by row: 0 where no label may go
     */
    static int[] spread(int[] seeds, byte[] area, int columns) {
        int[] labels = seeds.clone();
        int rows = labels.length / columns;
        int[] ring = new int[labels.length];
        int first = 0;
        int end = 0;
        for (int at = 0; at < labels.length; at++) {
            if (labels[at] != 0) {
                ring[end++] = at;
            }
        }
        // Rings of four and of eight neighbours in turn approximate a circle.
        for (boolean diagonal = false; first < end; diagonal = !diagonal) {
            int ringEnd = end;
            for (; first < ringEnd; first++) {
                int at = ring[first];
                int x = at % columns;
                int y = at / columns;
                for (int dy = -1; dy <= 1; dy++) {
                    for (int dx = -1; dx <= 1; dx++) {
                        boolean inside = x + dx >= 0 && x + dx < columns && y + dy >= 0 && y + dy < rows;
                        int to = at + dy * columns + dx;
                        if (inside && (diagonal || dx == 0 || dy == 0) && labels[to] == 0 && area[to] != 0) {
                            labels[to] = labels[at];
                            ring[end++] = to;
                        }
                    }
                }
            }
        }
        return labels;
    }

    /** Opening or closing with a disk. */
    static Mat morphology(Mat mask, int operation, double radiusPx) {
        Mat result = new Mat();
        morphologyEx(mask, result, operation, disk(radiusPx));
        return result;
    }

    /** A disk of that radius, at least one px. */
    static Mat disk(double radiusPx) {
        int side = 2 * (int) Math.max(1, Math.round(radiusPx)) + 1;
        return getStructuringElement(MORPH_ELLIPSE, new Size(side, side));
    }
}
