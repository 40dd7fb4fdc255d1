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
