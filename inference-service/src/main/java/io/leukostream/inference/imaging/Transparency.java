package io.leukostream.inference.imaging;

import static org.bytedeco.opencv.global.opencv_core.extractChannel;
import static org.bytedeco.opencv.global.opencv_core.minMaxLoc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Whether a picture is transparent anywhere. What lies under transparent pixels is no one's intention, and formats and
 * readers differ in what they make of it: such a picture is refused. One whose alpha channel says "opaque" everywhere is
 * read like one without.
 */
final class Transparency {
    private static final int OPAQUE = 255;
    private static final int TRNS = 0x74524E53;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;
    private static final int WEBP_ALPHA = 0x10;
    private static final int EXTRA_SAMPLES = 338;

    private Transparency() {}

    /** Whether the file could hold transparent pixels: only then it is worth decoding with them. */
    static boolean isPossible(ByteBuffer file) {
        ByteBuffer bytes = file.slice().order(ByteOrder.BIG_ENDIAN);
        return switch (bytes.get(0) & 0xFF) {
            case 0x89 -> png(bytes);
            case 'R' -> webp(bytes.order(ByteOrder.LITTLE_ENDIAN));
            case 'I' -> TiffPixelData.has(bytes.order(ByteOrder.LITTLE_ENDIAN), EXTRA_SAMPLES);
            case 'M' -> TiffPixelData.has(bytes, EXTRA_SAMPLES);
            default -> false;
        };
    }

    private static boolean png(ByteBuffer bytes) {
        if ((bytes.get(25) & 4) != 0) {
            return true;
        }
        int at = 8;
        while (at + 8 <= bytes.limit()) {
            int type = bytes.getInt(at + 4);
            if (type == TRNS) {
                return true;
            }
            if (type == IDAT || type == IEND) {
                return false;
            }
            at += 12 + bytes.getInt(at);
        }
        return false;
    }

    private static boolean webp(ByteBuffer bytes) {
        return switch (bytes.get(15)) {
            case 'X' -> (bytes.get(20) & WEBP_ALPHA) != 0;
            case 'L' -> (bytes.getInt(21) >>> 28 & 1) != 0;
            default -> false;
        };
    }

    /** Whether every pixel of a picture that was decoded as it is stored is opaque; false where its alpha is not known. */
    static boolean isOpaque(Mat stored) {
        if (stored.channels() != 4) {
            return false;
        }
        try (Mat alpha = new Mat();
                DoublePointer least = new DoublePointer(1)) {
            extractChannel(stored, alpha, 3);
            minMaxLoc(alpha, least, null, null, null, null);
            return least.get() >= OPAQUE;
        }
    }
}
