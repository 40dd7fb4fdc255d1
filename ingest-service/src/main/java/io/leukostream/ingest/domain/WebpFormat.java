package io.leukostream.ingest.domain;

import java.nio.ByteOrder;

/** WebP (RFC 9649): a RIFF container that states its size, with a VP8, VP8L or VP8X chunk first. */
final class WebpFormat implements FileFormat {
    private static final int LOSSY = 0x56503820;
    private static final int LOSSLESS = 0x5650384C;
    private static final int EXTENDED = 0x56503858;
    /** Of an animation. */
    private static final int FRAME = 0x414E4D46;

    private static final int DIMENSION_14_BITS = 0x3FFF;
    private static final int DATA = 20;
    private static final int RIFF_HEADER = 8;
    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;

    @Override
    public MediaType mediaType() {
        return MediaType.WEBP;
    }

    @Override
    public boolean recognises(FileBytes file) {
        return file.has(0, 'R', 'I', 'F', 'F') && file.has(8, 'W', 'E', 'B', 'P');
    }

    @Override
    public PixelSize size(FileBytes file) throws DefectException {
        return switch (file.i32(12, ByteOrder.BIG_ENDIAN)) {
            case LOSSY -> {
                file.require(DATA + 10, "The frame header");
                if (!file.has(DATA + 3, 0x9D, 0x01, 0x2A)) {
                    throw DefectException.unreadable("The frame has no start code.");
                }
                yield PixelSize.of(
                        file.u16(DATA + 6, ByteOrder.LITTLE_ENDIAN) & DIMENSION_14_BITS,
                        file.u16(DATA + 8, ByteOrder.LITTLE_ENDIAN) & DIMENSION_14_BITS);
            }
            case LOSSLESS -> {
                if (file.u8(DATA) != 0x2F) {
                    throw DefectException.unreadable("The lossless data has no signature.");
                }
                int packed = file.i32(DATA + 1, ByteOrder.LITTLE_ENDIAN);
                yield PixelSize.of((packed & DIMENSION_14_BITS) + 1, ((packed >>> 14) & DIMENSION_14_BITS) + 1);
            }
            case EXTENDED -> PixelSize.of(1 + u24(file, DATA + 4), 1 + u24(file, DATA + 7));
            default -> throw DefectException.unreadable("The first chunk is none of VP8, VP8L and VP8X.");
        };
    }

    @Override
    public void requireWhole(FileBytes file) throws DefectException {
        long end = RIFF_HEADER + file.u32(4, ByteOrder.LITTLE_ENDIAN);
        file.require(end, "The RIFF container");
        file.require(DATA + file.u32(16, ByteOrder.LITTLE_ENDIAN), "The first chunk");
        boolean pictured = false;
        for (long at = FIRST_CHUNK; at + CHUNK_HEADER <= end; ) {
            long chunkEnd = at + CHUNK_HEADER + file.u32(at + 4, ByteOrder.LITTLE_ENDIAN);
            if (chunkEnd > end) {
                throw DefectException.truncated("A chunk ends beyond the RIFF container.");
            }
            int type = file.i32(at, ByteOrder.BIG_ENDIAN);
            pictured |= type == LOSSY || type == LOSSLESS || type == FRAME;
            at = chunkEnd + (chunkEnd & 1);
        }
        if (!pictured) {
            throw DefectException.unreadable("There is no picture within the RIFF container.");
        }
    }

    private static int u24(FileBytes file, int at) throws DefectException {
        return file.u16(at, ByteOrder.LITTLE_ENDIAN) | (file.u8(at + 2) << 16);
    }
}
