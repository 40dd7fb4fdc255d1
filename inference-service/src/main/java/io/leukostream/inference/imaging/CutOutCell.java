package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.countNonZero;

import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;

/** An image of one cell that the scanner cut out on black: whether it is one, and where the cell is. */
final class CutOutCell {
    private static final int BLACK_AT_MOST = 10;
    private static final double BLACK_BORDER_SHARE = 0.9;
    private static final int SMALLEST_CELL_PX = 64;

    private final Mat black;

    /** @param bgr uint8 [H,W,3] */
    CutOutCell(Mat bgr) {
        black = Pixels.within(bgr, 0, BLACK_AT_MOST);
    }

    /** Whether at least 90 % of the one-pixel border is black: no channel above 10. */
    boolean isOnBlack() {
        int rows = black.rows();
        int columns = black.cols();
        int blackPx = countNonZero(black.row(0)) + countNonZero(black.row(rows - 1));
        int borderPx = 2 * columns;
        if (rows > 2) {
            blackPx += countNonZero(black.rowRange(1, rows - 1).col(0));
            blackPx += countNonZero(black.rowRange(1, rows - 1).col(columns - 1));
            borderPx += 2 * (rows - 2);
        }
        return blackPx >= BLACK_BORDER_SHARE * borderPx;
    }

    /** The largest 8-connected component that is not black, the first of equals; empty where none has 64 px. */
    Optional<Region> largestComponent() {
        return LargestComponent.of(black, SMALLEST_CELL_PX);
    }
}
