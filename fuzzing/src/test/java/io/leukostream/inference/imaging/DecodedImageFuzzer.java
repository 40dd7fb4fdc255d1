package io.leukostream.inference.imaging;

import io.leukostream.fuzzing.Finding;
import io.leukostream.fuzzing.OtherReader;
import io.leukostream.fuzzing.Prepared;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Files before and after the native decoders: each is refused with a reason in a sentence, or prepared; of one that is
 * prepared without loss the pixels are those of another reader, where that one reads it.
 */
public final class DecodedImageFuzzer {
    private DecodedImageFuzzer() {}

    /** Jazzer calls it. */
    public static void fuzzerTestOneInput(byte[] file) {
        if (Prepared.isTaken(file) && !isLossy(file)) {
            Optional<OtherReader.Picture> other = OtherReader.read(file);
            Finding.unless(
                    other.isEmpty() || other.get().equals(picture(file)),
                    "another reader sees other pixels, or another size");
        }
    }

    /** Where a JPEG is in it, by itself or in a TIFF: two decoders may differ in a level or two. */
    private static boolean isLossy(byte[] file) {
        for (int k = 0; k + 2 < file.length; k++) {
            if ((file[k] & 0xFF) == 0xFF && (file[k + 1] & 0xFF) == 0xD8 && (file[k + 2] & 0xFF) == 0xFF) {
                return true;
            }
        }
        return false;
    }

    private static OtherReader.Picture picture(byte[] file) {
        try (PointerScope _ = new PointerScope()) {
            Mat bgr = Objects.requireNonNull(OpenCvImagePreparer.decode(
                    ByteBuffer.wrap(file), opencv_imgcodecs.IMREAD_COLOR | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION));
            byte[] rgb = Pixels.bytes(bgr);
            for (int k = 0; k < rgb.length; k += 3) {
                byte blue = rgb[k];
                rgb[k] = rgb[k + 2];
                rgb[k + 2] = blue;
            }
            return new OtherReader.Picture(bgr.cols(), bgr.rows(), rgb);
        }
    }
}
