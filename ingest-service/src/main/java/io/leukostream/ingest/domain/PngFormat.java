package io.leukostream.ingest.domain;

import java.nio.ByteOrder;

/** PNG (ISO/IEC 15948): IHDR first, chunks with their lengths, IEND last. */
final class PngFormat implements FileFormat {
    private static final int IHDR = 0x49484452;
    private static final int IEND = 0x49454E44;
    /** Of an animation. */
    private static final int AC_TL = 0x6163544C;

    private static final int FIRST_CHUNK = 8;
    /** Length, type and checksum around a chunk's data. */
    private static final int CHUNK_FRAME = 12;

    @Override
    public MediaType mediaType() {
        return MediaType.PNG;
    }

    @Override
    public boolean recognises(FileBytes file) {
        return file.has(0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
    }

    @Override
    public PixelSize size(FileBytes file) throws DefectException {
        if (file.i32(FIRST_CHUNK + 4, ByteOrder.BIG_ENDIAN) != IHDR) {
            throw DefectException.unreadable("The first chunk is not IHDR.");
        }
        return PixelSize.of(file.i32(16, ByteOrder.BIG_ENDIAN), file.i32(20, ByteOrder.BIG_ENDIAN));
    }

    @Override
    public void requireWhole(FileBytes file) throws DefectException {
        if (file.u8(24) > 8) {
            throw DefectException.pixelFormat("The file has " + file.u8(24) + " bits a channel; 8 are read.");
        }
        long at = FIRST_CHUNK;
        while (true) {
            if (at + CHUNK_FRAME > file.length()) {
                throw DefectException.truncated("The file ends without the chunk IEND.");
            }
            long end = at + CHUNK_FRAME + file.u32(at, ByteOrder.BIG_ENDIAN);
            int type = file.i32(at + 4, ByteOrder.BIG_ENDIAN);
            file.require(end, "A chunk");
            if (type == AC_TL) {
                throw DefectException.ambiguous("The file is an animation, not one picture.");
            }
            if (type == IEND) {
                return;
            }
            at = end;
        }
    }
}
