package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_16S;
import static org.bytedeco.opencv.global.opencv_core.countNonZero;
import static org.bytedeco.opencv.global.opencv_core.mean;
import static org.bytedeco.opencv.global.opencv_core.meanStdDev;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2GRAY;
import static org.bytedeco.opencv.global.opencv_imgproc.Laplacian;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import io.leukostream.inference.domain.CellBox;
import io.leukostream.inference.domain.ImageQuality;
import io.leukostream.inference.domain.PixelSize;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** Measures an image as a whole. */
final class Quality {
    private Quality() {}

    /** The figures of an image that shows more than one cut-out cell. */
    static ImageQuality ofImage(Mat bgr, PixelSize pixelSize) {
        Mat unclipped = Pixels.within(bgr, 1, 254);
        return of(bgr, pixelSize, 1 - (double) countNonZero(unclipped) / ((double) bgr.rows() * bgr.cols()));
    }

    /** The figures of a cell cut on black, whose black surround is not clipped by the camera. */
    static ImageQuality ofCell(Mat bgr, PixelSize pixelSize, Region cell) {
        CellBox box = cell.box();
        Mat unclipped =
                Pixels.within(new Mat(bgr, new Rect(box.xPx(), box.yPx(), box.widthPx(), box.heightPx())), 1, 254);
        Mat unclippedCell = new Mat();
        unclipped.copyTo(unclippedCell, cell.mask());
        return of(bgr, pixelSize, 1 - (double) countNonZero(unclippedCell) / cell.areaPx());
    }

    private static ImageQuality of(Mat bgr, PixelSize pixelSize, double clippedShare) {
        Mat grey = new Mat();
        cvtColor(bgr, grey, COLOR_BGR2GRAY);
        Mat edges = new Mat();
        Laplacian(grey, edges, CV_16S);
        Mat average = new Mat();
        Mat deviation = new Mat();
        meanStdDev(edges, average, deviation);
        try (DoubleIndexer at = deviation.createIndexer()) {
            double focus = at.get(0) * at.get(0);
            return new ImageQuality(
                    bgr.cols(), bgr.rows(), pixelSize, focus, mean(grey).get(0), clippedShare);
        }
    }
}
