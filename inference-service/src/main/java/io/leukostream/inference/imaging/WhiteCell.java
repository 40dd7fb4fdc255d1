package io.leukostream.inference.imaging;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A white cell in an image.
 *
 * @param cell with its cytoplasm
 * @param nucleus uint8 of the cell's box, 255 within the nucleus; released by the scope that it was made in
 * @param rimSharpness how steeply the stain falls at the nucleus's rim, as a share of the nucleus's own density per µm:
 *     low where the nucleus has burst and run, or the image is blurred
 */
record WhiteCell(Region cell, Mat nucleus, double rimSharpness) {}
