package io.leukostream.inference.imaging;

import io.leukostream.fuzzing.Finding;
import io.leukostream.fuzzing.OtherReader;
import io.leukostream.inference.domain.CropRule;
import io.leukostream.inference.domain.ImageHead;
import io.leukostream.inference.domain.Kind;
import io.leukostream.inference.domain.Preparation;
import io.leukostream.inference.domain.Preparation.Prepared;
import io.leukostream.inference.domain.PreparedCell;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.domain.ReceivedImage;
import io.leukostream.inference.domain.SpecimenType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Files before and after the native decoders: each is refused with a reason in a sentence, or prepared; of one that is
 * prepared without loss the pixels are those of another reader, where that one reads it.
 */
public final class DecodedImageFuzzer {
    private static final long MOST_PIXELS = 1 << 20;
    private static final int SIDE_PX = 128;
    private static final OpenCvImagePreparer PREPARER;

    static {
        NativeImaging.load(Path.of("target", "native").toAbsolutePath(), MOST_PIXELS);
        PREPARER = new OpenCvImagePreparer(SIDE_PX, new CropRule(24.96, 0.065), MOST_PIXELS);
    }

    private DecodedImageFuzzer() {}

    /** Jazzer calls it. */
    public static void fuzzerTestOneInput(byte[] file) {
        Preparation preparation = PREPARER.prepare(new ReceivedImage(head(), ByteBuffer.wrap(file)));
        switch (preparation) {
            case Preparation.Refused(var _, String detail) ->
                Finding.unless(detail.endsWith("."), "the reason is no sentence: " + detail);
            case Prepared prepared -> {
                for (PreparedCell cell : prepared.cells()) {
                    Finding.unless(
                            cell.rgbPlanes().length == 3 * SIDE_PX * SIDE_PX && cell.areaMicrometres2() > 0,
                            "no cell of the network's size");
                }
                Optional<OtherReader.Picture> other = isLossy(file) ? Optional.empty() : OtherReader.read(file);
                Finding.unless(
                        other.isEmpty() || other.get().equals(picture(file)),
                        "another reader sees other pixels, or another size");
            }
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

    private static ImageHead head() {
        return new ImageHead(
                "S-AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAA",
                "S-AAAAAAAA",
                SpecimenType.BONE_MARROW,
                Kind.CELL,
                1,
                "0".repeat(64),
                OptionalDouble.empty(),
                Priority.ROUTINE,
                null,
                Instant.EPOCH);
    }
}
