package io.leukostream.inference.imaging;

import io.leukostream.inference.imaging.PixelData.FlawException;
import java.nio.ByteBuffer;

/** Windows bitmaps: of 16 and 32 bits a pixel only what has whole bytes for channels, in one of two orders. */
final class BmpPixelData {
    private static final int CORE_HEADER = 12;
    private static final int UNCOMPRESSED = 0;
    private static final int BIT_FIELDS = 3;
    private static final int ALPHA_BIT_FIELDS = 6;
    private static final int MASKS = 54;
    private static final int ALPHA = 0xFF000000;
    private static final int OPAQUE = 0xFF;
    private static final int HIGH = 0x00FF0000;
    private static final int MIDDLE = 0x0000FF00;
    private static final int LOW = 0x000000FF;

    private BmpPixelData() {}

    static void check(ByteBuffer bytes) throws FlawException {
        if (bytes.getInt(14) == CORE_HEADER) {
            requireColours(bytes, bytes.getShort(24), 3, 0, bytes.getShort(18) & 0xFFFF, bytes.getShort(20) & 0xFFFF);
            return;
        }
        int bits = bytes.getShort(28);
        int compression = bytes.getInt(30);
        boolean masked = compression == BIT_FIELDS || compression == ALPHA_BIT_FIELDS;
        if (compression != UNCOMPRESSED && !masked) {
            throw FlawException.unsupported("Bitmaps that are compressed are not read.");
        }
        if (bits == 16) {
            throw FlawException.unsupported("The file has 5 or 6 bits a channel; 8 are read.");
        }
        if (masked && bits == 32 && isTransparent(bytes)) {
            throw FlawException.unsupported("Some pixels are transparent.");
        }
        if (masked && bits == 32 && !isBlueFirst(bytes) && !isRedFirst(bytes)) {
            throw FlawException.unsupported("The masks of the channels are none that are read.");
        }
        requireColours(bytes, bits, 4, bytes.getInt(46), bytes.getInt(18), Math.abs(bytes.getInt(22)));
    }

    /**
     * What a pixel shows whose colour the palette does not have, each reader decides for itself.
     *
     * @param entry bytes of a colour
     * @param used colours that the header states; 0 where it means all
     */
    private static void requireColours(ByteBuffer bytes, int bits, int entry, int used, int width, int height)
            throws FlawException {
        if (bits > 8) {
            return;
        }
        int most = 1 << bits;
        int pixels = bytes.getInt(10);
        int room = (pixels - 14 - bytes.getInt(14)) / entry;
        int colours = Math.min(used <= 0 || used > most ? most : used, room);
        int rowBytes = (int) (((long) width * bits + 31) / 32 * 4);
        for (int y = 0; colours < most && y < height; y++) {
            for (int x = 0; x < width; x++) {
                int shift = 8 - bits - x * bits % 8;
                if ((bytes.get(pixels + y * rowBytes + x * bits / 8) >> shift & most - 1) >= colours) {
                    throw FlawException.unreadable("A pixel has a colour that the palette does not have.");
                }
            }
        }
    }

    /** Whether the masks say that red comes first in memory, where the decoder takes blue to. */
    static boolean isRedFirst(ByteBuffer littleEndian) {
        int compression = littleEndian.getInt(30);
        return littleEndian.getInt(14) != CORE_HEADER
                && littleEndian.getShort(28) == 32
                && (compression == BIT_FIELDS || compression == ALPHA_BIT_FIELDS)
                && masks(littleEndian, LOW, MIDDLE, HIGH);
    }

    /** Only masks that name an alpha channel make the fourth byte of a pixel one. */
    private static boolean isTransparent(ByteBuffer bytes) {
        int pixels = bytes.getInt(10);
        if (pixels < MASKS + 16 || bytes.getInt(MASKS + 12) != ALPHA) {
            return false;
        }
        int end = pixels + 4 * bytes.getInt(18) * Math.abs(bytes.getInt(22));
        for (int at = pixels + 3; at < end; at += 4) {
            if (bytes.get(at) != (byte) OPAQUE) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlueFirst(ByteBuffer bytes) {
        return masks(bytes, HIGH, MIDDLE, LOW);
    }

    private static boolean masks(ByteBuffer bytes, int red, int green, int blue) {
        return bytes.getInt(MASKS) == red && bytes.getInt(MASKS + 4) == green && bytes.getInt(MASKS + 8) == blue;
    }
}
