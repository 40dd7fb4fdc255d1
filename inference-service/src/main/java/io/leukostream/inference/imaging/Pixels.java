package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.inRange;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** The few operations on pixels that several classes of this room need. */
final class Pixels {
    private static final int JPEG_QUALITY = 85;

    private Pixels() {}

    /** 255 where every channel lies in that range, both ends included; else 0. */
    static Mat within(Mat image, int lowest, int highest) {
        Mat mask = new Mat();
        inRange(image, scalar(lowest), scalar(highest), mask);
        return mask;
    }

    /** The same number for every channel. */
    static Mat scalar(double value) {
        return new Mat(4, 1, CV_64F, Scalar.all(value));
    }

    /** The image at that size: averaged to shrink, linear to enlarge; itself where it has that size. */
    static Mat resized(Mat image, int widthPx, int heightPx) {
        if (image.cols() == widthPx && image.rows() == heightPx) {
            return image;
        }
        Mat result = new Mat();
        int how = widthPx < image.cols() ? INTER_AREA : INTER_LINEAR;
        resize(image, result, new Size(widthPx, heightPx), 0, 0, how);
        return result;
    }

    /** As JPEG. */
    static byte[] jpeg(Mat bgr) {
        try (BytePointer buffer = new BytePointer();
                IntPointer settings = new IntPointer(IMWRITE_JPEG_QUALITY, JPEG_QUALITY)) {
            if (!imencode(".jpg", bgr, buffer, settings)) {
                throw new IllegalStateException("no JPEG could be made of " + bgr.cols() + " × " + bgr.rows() + " px");
            }
            byte[] bytes = new byte[(int) buffer.limit()];
            buffer.get(bytes);
            return bytes;
        }
    }

    /** The interleaved BGR pixels of a continuous image as planes: all of red, then green, then blue. */
    static byte[] rgbPlanes(Mat bgr) {
        int pixels = bgr.rows() * bgr.cols();
        byte[] interleaved = new byte[3 * pixels];
        bgr.data().get(interleaved);
        byte[] planes = new byte[3 * pixels];
        for (int k = 0, from = 0; k < pixels; k++, from += 3) {
            planes[k] = interleaved[from + 2];
            planes[pixels + k] = interleaved[from + 1];
            planes[2 * pixels + k] = interleaved[from];
        }
        return planes;
    }

    /** The bytes of an 8-bit image, row by row, its channels interleaved. */
    static byte[] bytes(Mat image) {
        int rowBytes = image.cols() * image.channels();
        byte[] bytes = new byte[image.rows() * rowBytes];
        for (int y = 0; y < image.rows(); y++) {
            try (BytePointer row = image.ptr(y)) {
                row.get(bytes, y * rowBytes, rowBytes);
            }
        }
        return bytes;
    }

    /** The values of a continuous float image of one channel, row by row. */
    static float[] floats(Mat image) {
        float[] values = new float[image.rows() * image.cols()];
        try (FloatPointer from = new FloatPointer(image.data())) {
            from.get(values);
        }
        return values;
    }

    /** The labels of a continuous int32 image of one channel, row by row. */
    static int[] ints(Mat image) {
        int[] values = new int[image.rows() * image.cols()];
        try (IntPointer from = new IntPointer(image.data())) {
            from.get(values);
        }
        return values;
    }

    /** An 8-bit image of one channel from its values, row by row. */
    static Mat mask(byte[] values, int rows, int columns) {
        Mat mask = new Mat(rows, columns, CV_8UC1);
        mask.data().put(values);
        return mask;
    }
}
