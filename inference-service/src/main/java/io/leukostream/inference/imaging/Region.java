package io.leukostream.inference.imaging;

import io.leukostream.inference.domain.CellBox;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A cell in an image.
 *
 * @param mask uint8 of the box's size, 255 within the cell; released by the scope that it was made in
 * @param areaPx pixels of the cell
 */
record Region(CellBox box, Mat mask, int areaPx) {}
