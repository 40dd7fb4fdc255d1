package io.leukostream.ingest.domain;

import java.nio.ByteOrder;
import java.util.Set;

/** Windows and OS/2 bitmaps: file header of 14 bytes, information header, palette, rows padded to 4 bytes. */
final class BmpFormat implements FileFormat {
    private static final int INFORMATION = 14;
    private static final int CORE_HEADER = 12;
    private static final Set<Integer> HEADERS = Set.of(CORE_HEADER, 40, 52, 56, 64, 108, 124);
    private static final Set<Integer> BITS = Set.of(1, 2, 4, 8, 16, 24, 32);
    private static final int UNCOMPRESSED = 0;
    private static final int RUN_LENGTH_8 = 1;
    private static final int RUN_LENGTH_4 = 2;
    private static final int BIT_FIELDS = 3;

    @Override
    public MediaType mediaType() {
        return MediaType.BMP;
    }

    @Override
    public boolean recognises(FileBytes file) {
        // The four reserved bytes tell a bitmap from a text that begins with BM.
        return file.has(0, 'B', 'M') && (file.length() < 10 || file.has(6, 0, 0, 0, 0));
    }

    @Override
    public PixelSize size(FileBytes file) throws DefectException {
        long header = file.u32(INFORMATION, ByteOrder.LITTLE_ENDIAN);
        if (!HEADERS.contains((int) header)) {
            throw DefectException.unreadable("The information header states a length of " + header + ".");
        }
        if (header == CORE_HEADER) {
            return PixelSize.of(file.u16(18, ByteOrder.LITTLE_ENDIAN), file.u16(20, ByteOrder.LITTLE_ENDIAN));
        }
        // A negative height means rows from the top.
        return PixelSize.of(
                file.i32(18, ByteOrder.LITTLE_ENDIAN), Math.abs((long) file.i32(22, ByteOrder.LITTLE_ENDIAN)));
    }

    @Override
    public void requireWhole(FileBytes file) throws DefectException {
        boolean core = file.i32(INFORMATION, ByteOrder.LITTLE_ENDIAN) == CORE_HEADER;
        int bits = file.u16(core ? 24 : 28, ByteOrder.LITTLE_ENDIAN);
        if (!BITS.contains(bits)) {
            throw DefectException.unreadable("The header states " + bits + " bits per pixel.");
        }
        if (bits == 16) {
            throw DefectException.pixelFormat("The file has 5 or 6 bits a channel; 8 are read.");
        }
        int compression = core ? UNCOMPRESSED : file.i32(30, ByteOrder.LITTLE_ENDIAN);
        if (compression == RUN_LENGTH_8 || compression == RUN_LENGTH_4) {
            throw DefectException.pixelFormat("Bitmaps that are compressed are not read.");
        }
        long pixels = file.u32(10, ByteOrder.LITTLE_ENDIAN);
        if (compression == UNCOMPRESSED || compression == BIT_FIELDS) {
            PixelSize size = size(file);
            long rowBytes = (size.width() * bits + 31) / 32 * 4;
            file.require(pixels + rowBytes * size.height(), "The pixel array");
        } else {
            file.require(pixels + file.u32(34, ByteOrder.LITTLE_ENDIAN), "The compressed pixel array");
        }
    }
}
