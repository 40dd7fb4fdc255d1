package io.leukostream.inference.imaging;

import io.leukostream.inference.domain.Preparation.Refused;
import io.leukostream.inference.domain.RejectionReason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Holds a file's coded pixels to what its header says, before anything is decoded. Decoders fill up what is damaged or
 * missing, and choose among several pictures, bit depths and channel orders without a word; a cell of filled-up pixels would
 * be called like any other. So what is not certain is refused here, by one rule for all formats:
 *
 * <ul>
 *   <li>the coded data is whole: it ends where the pixels do, and its checksums hold;
 *   <li>there is one picture, and it is the first;
 *   <li>channels have 8 bits (palettes and grey fewer, too), in an order that the decoder is known to read;
 *   <li>no pixel is transparent (looked at after decoding, by {@link Transparency}).
 * </ul>
 */
final class PixelData {
    private PixelData() {}

    /** Something is wrong with a file, and what. */
    static final class FlawException extends Exception {
        private static final long serialVersionUID = 1L;

        private final RejectionReason reason;

        FlawException(RejectionReason reason, String detail) {
            super(detail);
            this.reason = reason;
        }

        static FlawException truncated(String detail) {
            return new FlawException(RejectionReason.IMAGE_TRUNCATED, detail);
        }

        static FlawException unreadable(String detail) {
            return new FlawException(RejectionReason.IMAGE_UNREADABLE, detail);
        }

        static FlawException unsupported(String detail) {
            return new FlawException(RejectionReason.PIXEL_FORMAT_UNSUPPORTED, detail);
        }
    }

    /**
     * Why the file's pixels are not read; empty where they may be.
     *
     * @param file of a known format, from position to limit; left as it is
     */
    static Optional<Refused> flaw(ByteBuffer file) {
        ByteBuffer bytes = file.slice().order(ByteOrder.BIG_ENDIAN);
        try {
            switch (bytes.get(0) & 0xFF) {
                case 0x89 -> PngPixelData.check(bytes);
                case 0xFF -> JpegPixelData.check(bytes);
                case 'I' -> TiffPixelData.check(bytes.order(ByteOrder.LITTLE_ENDIAN));
                case 'M' -> TiffPixelData.check(bytes);
                case 'B' -> BmpPixelData.check(bytes.order(ByteOrder.LITTLE_ENDIAN));
                default -> {
                    // WebP: its container's lengths are all that tells before it is decoded, and the header was held to
                    // them.
                }
            }
            return Optional.empty();
        } catch (FlawException e) {
            return Optional.of(new Refused(e.reason, String.valueOf(e.getMessage())));
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            return Optional.of(new Refused(
                    RejectionReason.IMAGE_UNREADABLE, "The file's structure points to where no bytes are."));
        }
    }
}
