package io.leukostream.ingest.domain;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads an image file's header and walks its structure, without decoding a pixel: what it costs is bounded by the
 * file's length, whatever dimensions the file claims. Safe for any number of threads.
 */
public final class ImageInspector {
    private static final List<FileFormat> FORMATS =
            List.of(new JpegFormat(), new PngFormat(), new BmpFormat(), new WebpFormat(), new TiffFormat());

    private final long pixelBudget;

    /**
     * An inspector.
     *
     * @param pixelBudget the most pixels (width × height) that an image may have, 1..2³¹−1
     */
    public ImageInspector(long pixelBudget) {
        if (pixelBudget < 1 || pixelBudget > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the pixel budget must lie in 1..2147483647, not " + pixelBudget);
        }
        this.pixelBudget = pixelBudget;
    }

    /**
     * Inspects a file.
     *
     * @param image the file's bytes, from position to limit; left as it is
     */
    public Inspection inspect(ByteBuffer image) {
        FileBytes file = new FileBytes(image);
        if (file.length() == 0) {
            return refused(ProblemCode.IMAGE_EMPTY, "The file has no bytes.");
        }
        for (FileFormat format : FORMATS) {
            if (format.recognises(file)) {
                return inspect(file, format);
            }
        }
        return refused(
                ProblemCode.UNSUPPORTED_MEDIA_TYPE, "The bytes are none of BMP, PNG, JPEG, TIFF (classic) and WebP.");
    }

    private Inspection inspect(FileBytes file, FileFormat format) {
        try {
            PixelSize size = format.size(file);
            if (size.pixels() > pixelBudget) {
                return refused(
                        ProblemCode.PIXEL_BUDGET_EXCEEDED,
                        "The header states " + size.width() + " × " + size.height() + " pixels; allowed are "
                                + pixelBudget + " in all.");
            }
            format.requireWhole(file);
            return new Inspection.Sound(
                    new ImageHeader(format.mediaType(), Math.toIntExact(size.width()), Math.toIntExact(size.height())));
        } catch (DefectException e) {
            return refused(e.code(), e.getMessage());
        }
    }

    private static Inspection refused(ProblemCode code, String detail) {
        return new Inspection.Refused(new Problem(code, detail));
    }
}
