package io.leukostream.ingest.sanitising;

import io.leukostream.ingest.domain.DefectException;
import io.leukostream.ingest.domain.FileBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * WebP: the chunks of pixels and of transparency stay, and the extended header without its notes of a profile, EXIF and
 * XMP, which go. An animation is refused: its frames are containers of their own.
 */
final class WebpRewriting {
    private static final int RIFF_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int EXTENDED_LENGTH = 10;
    private static final int ALPHA = 0x10;

    private WebpRewriting() {}

    static ByteBuffer rewrite(FileBytes file) throws DefectException {
        long end = CHUNK_HEADER + file.u32(4, ByteOrder.LITTLE_ENDIAN);
        file.require(end, "The RIFF container");
        KeptParts kept = new KeptParts(file);
        kept.keep(0, RIFF_HEADER);
        Set<String> once = new HashSet<>();
        long length = 4;
        for (long at = RIFF_HEADER; at + CHUNK_HEADER <= end; ) {
            long chunkEnd = at + CHUNK_HEADER + file.u32(at + 4, ByteOrder.LITTLE_ENDIAN);
            if (chunkEnd > end) {
                throw DefectException.truncated("A chunk ends beyond the RIFF container.");
            }
            String type =
                    StandardCharsets.ISO_8859_1.decode(file.part(at, at + 4)).toString();
            boolean stays = switch (type) {
                case "VP8 ", "VP8L", "VP8X", "ALPH" -> once.add(type);
                case "ANIM", "ANMF" ->
                    throw DefectException.metadataNotRemovable("The file is an animation, not one picture.");
                default -> false;
            };
            if (stays) {
                length += chunkEnd - at;
                if (type.equals("VP8X")) {
                    keepExtendedHeader(kept, file, at, chunkEnd);
                } else {
                    kept.keep(at, chunkEnd);
                }
                if ((chunkEnd & 1) != 0 && chunkEnd < end) {
                    length++;
                    keepPadding(kept, file, chunkEnd);
                }
            }
            at = chunkEnd + (chunkEnd & 1);
        }
        if (length == end - CHUNK_HEADER) {
            kept.keepZerosFrom(end);
        }
        ByteBuffer clean = kept.bytes();
        return length == end - CHUNK_HEADER ? clean : withLength(clean, length);
    }

    private static ByteBuffer withLength(ByteBuffer bytes, long length) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(bytes.duplicate()).putInt(4, (int) length);
        return copy.flip();
    }

    /** Only the note of transparency stays of the notes: what the others speak of is gone. */
    private static void keepExtendedHeader(KeptParts kept, FileBytes file, long at, long end) throws DefectException {
        long dataAt = at + CHUNK_HEADER;
        if (end - dataAt != EXTENDED_LENGTH) {
            throw DefectException.unreadable("The extended header has another length than 10 bytes.");
        }
        int notes = file.u8(dataAt);
        if ((notes & ~ALPHA) == 0 && file.isZero(dataAt + 1, dataAt + 4)) {
            kept.keep(at, end);
        } else {
            kept.keep(at, dataAt);
            kept.put(new byte[] {(byte) (notes & ALPHA), 0, 0, 0});
            kept.keep(dataAt + 4, end);
        }
    }

    private static void keepPadding(KeptParts kept, FileBytes file, long at) throws DefectException {
        if (file.u8(at) == 0) {
            kept.keep(at, at + 1);
        } else {
            kept.put(new byte[1]);
        }
    }
}
