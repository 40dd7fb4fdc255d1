package io.leukostream.ingest.sanitising;

import io.leukostream.ingest.domain.DefectException;
import io.leukostream.ingest.domain.FileBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * BMP: headers, palette and pixel array stay where they are. What lies between them is made zero, what follows the
 * pixels is cut off, and a header's description of colours (which may name a file) becomes plain sRGB.
 */
final class BmpRewriting {
    private static final int INFORMATION = 14;
    private static final int CORE_HEADER = 12;
    private static final int SHORTEST_HEADER = 40;
    private static final int LONGEST_HEADER = 124;
    private static final int OS2_HEADER = 64;
    private static final int COLOURS_HEADER = 108;
    private static final int MASKS_AT = 54;
    private static final int COLOURS_AT = 70;
    private static final int RESOLUTION_AT = 38;
    private static final int OS2_MORE_AT = 54;
    private static final int BIT_FIELDS = 3;
    private static final int ALPHA_BIT_FIELDS = 6;
    /** "sRGB" and "Win ", as numbers. */
    private static final int SRGB = 0x73524742;

    private static final int WINDOWS = 0x57696E20;
    /** As a number of four bytes it leaves at most three of them for a text. */
    private static final long NUMBER_BELOW = 1 << 24;

    private BmpRewriting() {}

    static ByteBuffer rewrite(FileBytes file) throws DefectException {
        int header = i32(file, INFORMATION);
        boolean isCore = header == CORE_HEADER;
        if (!isCore && (header < SHORTEST_HEADER || header > LONGEST_HEADER)) {
            throw DefectException.unreadable("The information header states a length of " + header + ".");
        }
        int bits = file.u16(isCore ? 24 : 28, ByteOrder.LITTLE_ENDIAN);
        int compression = isCore ? 0 : i32(file, 30);
        long pixelsAt = file.u32(10, ByteOrder.LITTLE_ENDIAN);
        long pixelsEnd = pixelsAt + pixelBytes(file, bits, compression);
        file.require(pixelsEnd, "The pixel array");
        long headerEnd = (long) INFORMATION + header;
        long masksEnd = headerEnd
                + (header != 40 ? 0 : compression == BIT_FIELDS ? 12 : compression == ALPHA_BIT_FIELDS ? 16 : 0);
        long paletteEnd = masksEnd + paletteBytes(file, bits);
        file.require(masksEnd, "The header");
        if (pixelsAt < masksEnd) {
            throw DefectException.unreadable("The pixel array begins within the header.");
        }
        requireMasks(file, header, masksEnd);
        if (bits <= 8) {
            long colours = (Math.min(paletteEnd, pixelsAt) - masksEnd) / (isCore ? 3 : 4);
            requireColours(file, pixelsAt, pixelsEnd, bits, colours);
        }

        boolean keepsTail = file.isZero(pixelsEnd, file.length());
        ByteBuffer clean =
                ByteBuffer.allocate(keepsTail ? file.length() : (int) pixelsEnd).order(ByteOrder.LITTLE_ENDIAN);
        clean.put(0, file.part(0, masksEnd), 0, (int) masksEnd);
        long paletteKept = Math.min(paletteEnd, pixelsAt);
        clean.put((int) masksEnd, file.part(masksEnd, paletteKept), 0, (int) (paletteKept - masksEnd));
        clean.put((int) pixelsAt, file.part(pixelsAt, pixelsEnd), 0, (int) (pixelsEnd - pixelsAt));
        if (!keepsTail) {
            clean.putInt(2, clean.capacity());
        }
        if (!isCore) {
            describeNothing(clean, header);
        }
        return clean;
    }

    private static long pixelBytes(FileBytes file, int bits, int compression) throws DefectException {
        return switch (compression) {
            case 0, BIT_FIELDS -> {
                boolean isCore = i32(file, INFORMATION) == CORE_HEADER;
                long width = isCore ? file.u16(18, ByteOrder.LITTLE_ENDIAN) : file.u32(18, ByteOrder.LITTLE_ENDIAN);
                long height = isCore ? file.u16(20, ByteOrder.LITTLE_ENDIAN) : Math.abs((long) i32(file, 22));
                long rowBytes = (width * bits + 31) / 32 * 4;
                file.require(rowBytes, "A row of pixels");
                yield rowBytes * height;
            }
            case ALPHA_BIT_FIELDS -> file.u32(34, ByteOrder.LITTLE_ENDIAN);
            default -> throw DefectException.metadataNotRemovable("The bitmap is a container of another format.");
        };
    }

    /** Beyond 8 bits a palette is advice that no decoder takes. */
    private static long paletteBytes(FileBytes file, int bits) throws DefectException {
        if (bits > 8) {
            return 0;
        }
        int most = 1 << bits;
        if (i32(file, INFORMATION) == CORE_HEADER) {
            return 3L * most;
        }
        long used = file.u32(46, ByteOrder.LITTLE_ENDIAN);
        return 4 * (used == 0 || used > most ? most : used);
    }

    /** What a pixel shows whose colour the palette does not have, each reader decides for itself. */
    private static void requireColours(FileBytes file, long from, long to, int bits, long colours)
            throws DefectException {
        if (colours >= 1 << bits) {
            return;
        }
        boolean isCore = i32(file, INFORMATION) == CORE_HEADER;
        long width = isCore ? file.u16(18, ByteOrder.LITTLE_ENDIAN) : file.u32(18, ByteOrder.LITTLE_ENDIAN);
        long rowBytes = (width * bits + 31) / 32 * 4;
        for (long row = from; row + rowBytes <= to; row += rowBytes) {
            for (long x = 0; x < width; x++) {
                int shift = (int) (8 - bits - x * bits % 8);
                if ((file.u8(row + x * bits / 8) >> shift & (1 << bits) - 1) >= colours) {
                    throw DefectException.unreadable("A pixel has a colour that the palette does not have.");
                }
            }
        }
    }

    /** A mask is a run of ones; a text is not. */
    private static void requireMasks(FileBytes file, int header, long masksEnd) throws DefectException {
        if (header == OS2_HEADER) {
            return;
        }
        for (int at = MASKS_AT; at < Math.min(masksEnd, COLOURS_AT); at += 4) {
            int run = i32(file, at) >>> Integer.numberOfTrailingZeros(i32(file, at));
            if (i32(file, at) != 0 && (run & (run + 1)) != 0) {
                throw DefectException.metadataNotRemovable("A colour mask is no run of bits.");
            }
        }
    }

    private static void describeNothing(ByteBuffer clean, int header) {
        for (int at = RESOLUTION_AT; at <= 50; at += 4) {
            if (Integer.toUnsignedLong(clean.getInt(at)) >= NUMBER_BELOW) {
                clean.putInt(at, 0);
            }
        }
        int end = INFORMATION + header;
        if (header == OS2_HEADER) {
            fill(clean, OS2_MORE_AT, end);
        } else if (header >= COLOURS_HEADER) {
            int space = clean.getInt(COLOURS_AT);
            boolean isPlain = space == 0 || space == SRGB || space == WINDOWS;
            int intentAt = INFORMATION + COLOURS_HEADER;
            int intent = header > COLOURS_HEADER ? clean.getInt(intentAt) : 0;
            if (!isPlain) {
                clean.putInt(COLOURS_AT, SRGB);
            }
            fill(clean, COLOURS_AT + 4, end);
            if (header > COLOURS_HEADER && intent >= 0 && intent <= 8) {
                clean.putInt(intentAt, intent);
            }
        }
    }

    private static void fill(ByteBuffer bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            bytes.put(at, (byte) 0);
        }
    }

    private static int i32(FileBytes file, long at) throws DefectException {
        return file.i32(at, ByteOrder.LITTLE_ENDIAN);
    }
}
