package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.ellipse;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** A drawn cell on black, with which the whole path is tried before the first real image comes. */
public final class SampleImage {
    private static final int SIDE_PX = 450;
    private static final int RADIUS_PX = 100;

    private SampleImage() {}

    /** As JPEG. */
    public static byte[] jpeg() {
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = new Mat(SIDE_PX, SIDE_PX, CV_8UC3, Scalar.all(0));
            Point middle = new Point(SIDE_PX / 2, SIDE_PX / 2);
            ellipse(bgr, middle, new Size(RADIUS_PX, RADIUS_PX), 0, 0, 360, new Scalar(150, 80, 130, 0), -1, 8, 0);
            return Pixels.jpeg(bgr);
        }
    }
}
