package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.leukostream.inference.domain.CellBox;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** The square around a cell's middle: {@code left = floor(x + w/2 − side/2 + 0.5)}, and so its top. */
final class CellCrop {
    private final Mat bgr;
    private final Region cell;
    private final int sidePx;
    private final int leftPx;
    private final int topPx;

    CellCrop(Mat bgr, Region cell, int sidePx) {
        CellBox box = cell.box();
        this.bgr = bgr;
        this.cell = cell;
        this.sidePx = sidePx;
        this.leftPx = (int) Math.floor(box.xPx() + box.widthPx() / 2.0 - sidePx / 2.0 + 0.5);
        this.topPx = (int) Math.floor(box.yPx() + box.heightPx() / 2.0 - sidePx / 2.0 + 0.5);
    }

    /** The cell alone, black outside it: uint8 BGR [side,side,3]. */
    Mat alone() {
        CellBox box = cell.box();
        Mat square = blackSquare();
        int x0 = Math.max(leftPx, box.xPx());
        int y0 = Math.max(topPx, box.yPx());
        int width = Math.min(leftPx + sidePx, box.xPx() + box.widthPx()) - x0;
        int height = Math.min(topPx + sidePx, box.yPx() + box.heightPx()) - y0;
        Mat mask = new Mat(cell.mask(), new Rect(x0 - box.xPx(), y0 - box.yPx(), width, height));
        new Mat(bgr, new Rect(x0, y0, width, height))
                .copyTo(new Mat(square, new Rect(x0 - leftPx, y0 - topPx, width, height)), mask);
        return square;
    }

    /** The cell with what is around it, black beyond the image: uint8 BGR [side,side,3]. */
    Mat withSurroundings() {
        int x0 = Math.max(leftPx, 0);
        int y0 = Math.max(topPx, 0);
        int width = Math.min(leftPx + sidePx, bgr.cols()) - x0;
        int height = Math.min(topPx + sidePx, bgr.rows()) - y0;
        Mat within = new Mat(bgr, new Rect(x0, y0, width, height));
        if (width == sidePx && height == sidePx) {
            return within;
        }
        Mat square = blackSquare();
        within.copyTo(new Mat(square, new Rect(x0 - leftPx, y0 - topPx, width, height)));
        return square;
    }

    private Mat blackSquare() {
        return new Mat(sidePx, sidePx, CV_8UC3, Scalar.all(0));
    }
}
