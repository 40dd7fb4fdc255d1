package io.leukostream.ingest.sanitising;

import static io.leukostream.ingest.domain.JpegSegments.APP0;
import static io.leukostream.ingest.domain.JpegSegments.APP14;
import static io.leukostream.ingest.domain.JpegSegments.APP15;
import static io.leukostream.ingest.domain.JpegSegments.COM;
import static io.leukostream.ingest.domain.JpegSegments.DAC;
import static io.leukostream.ingest.domain.JpegSegments.DHT;
import static io.leukostream.ingest.domain.JpegSegments.DNL;
import static io.leukostream.ingest.domain.JpegSegments.DQT;
import static io.leukostream.ingest.domain.JpegSegments.DRI;
import static io.leukostream.ingest.domain.JpegSegments.EOI;
import static io.leukostream.ingest.domain.JpegSegments.MARKER;
import static io.leukostream.ingest.domain.JpegSegments.SOS;

import io.leukostream.ingest.domain.DefectException;
import io.leukostream.ingest.domain.FileBytes;
import io.leukostream.ingest.domain.JpegSegments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * JPEG: the segments that decoding reads stay, JFIF without its thumbnail and Adobe's colour transform among them; the
 * other application segments (EXIF, XMP, IPTC, ICC, further pictures) and comments go. Pixels stay as they are stored:
 * an orientation that EXIF stated is lost, and nothing here depends on which way up a cell is.
 */
final class JpegRewriting {
    private static final int JFIF_LENGTH = 16;
    private static final int JFIF_THUMBNAIL = 15;
    private static final int ADOBE_LENGTH = 14;
    private static final int TABLE_ENTRIES = 64;

    private JpegRewriting() {}

    static ByteBuffer rewrite(FileBytes file) throws DefectException {
        KeptParts kept = new KeptParts(file);
        kept.keep(0, 2);
        boolean hasJfif = false;
        boolean hasAdobe = false;
        int at = 2;
        while (true) {
            int start = at;
            int second = JpegSegments.markerAt(file, at);
            int marker = file.at(second);
            if (marker == EOI) {
                kept.keep(start, second + 1L);
                kept.keepZerosFrom(second + 1L);
                return kept.bytes();
            }
            at = JpegSegments.afterSegment(file, second, marker);
            if (isDecoding(marker)) {
                requireNothingMore(file, second, at, marker);
                at = marker == SOS ? JpegSegments.afterScan(file, at) : at;
                kept.keep(start, at);
            } else if (marker == APP0 && !hasJfif && isJfif(file, second)) {
                hasJfif = true;
                keepJfif(kept, file, start, second, at);
            } else if (marker == APP14 && !hasAdobe && isAdobe(file, second)) {
                hasAdobe = true;
                keepAdobe(kept, start, second, at);
            } else if (!isRemovable(marker)) {
                throw DefectException.metadataNotRemovable(
                        "Nothing is known of the marker FF" + Integer.toHexString(marker) + ".");
            }
        }
    }

    /**
     * Makes zeros of the contents of what would be removed, in a stream within a file whose offsets must stay.
     *
     * @param from of the stream within the file
     * @param to before which it ends
     * @param target where the file's copy lies
     */
    static void blank(FileBytes file, int from, int to, byte[] target) throws DefectException {
        FileBytes stream = new FileBytes(file.part(from, to));
        if (!stream.has(0, MARKER, JpegSegments.SOI)) {
            throw DefectException.metadataNotRemovable("A coded part of the file is no JPEG stream.");
        }
        int at = 2;
        while (true) {
            int second = JpegSegments.markerAt(stream, at);
            int marker = stream.at(second);
            if (marker == EOI) {
                Arrays.fill(target, from + second + 1, to, (byte) 0);
                return;
            }
            at = JpegSegments.afterSegment(stream, second, marker);
            if (isDecoding(marker)) {
                requireNothingMore(stream, second, at, marker);
                at = marker == SOS ? JpegSegments.afterScan(stream, at) : at;
            } else if (isRemovable(marker)) {
                int free = marker == APP0 && isJfif(stream, second)
                        ? second + JFIF_THUMBNAIL
                        : marker == APP14 && isAdobe(stream, second) ? second + 1 + ADOBE_LENGTH : second + 3;
                Arrays.fill(target, from + Math.min(free, at), from + at, (byte) 0);
            } else {
                throw DefectException.metadataNotRemovable(
                        "Nothing is known of the marker FF" + Integer.toHexString(marker) + ".");
            }
        }
    }

    private static boolean isDecoding(int marker) {
        return JpegSegments.isFrame(marker)
                || JpegSegments.standsAlone(marker)
                || marker == DHT
                || marker == DAC
                || marker == DQT
                || marker == DRI
                || marker == DNL
                || marker == SOS;
    }

    private static boolean isRemovable(int marker) {
        return (marker >= APP0 && marker <= APP15) || marker == COM;
    }

    private static boolean isJfif(FileBytes file, int second) throws DefectException {
        return file.has(second + 3, 'J', 'F', 'I', 'F', 0)
                && file.u16(second + 1L, ByteOrder.BIG_ENDIAN) >= JFIF_LENGTH;
    }

    private static boolean isAdobe(FileBytes file, int second) throws DefectException {
        return file.has(second + 3, 'A', 'd', 'o', 'b', 'e')
                && file.u16(second + 1L, ByteOrder.BIG_ENDIAN) >= ADOBE_LENGTH;
    }

    /** Version, unit and density stay; a thumbnail shows the slide's label as like as not. */
    private static void keepJfif(KeptParts kept, FileBytes file, int start, int second, int end) {
        if (end - second - 1 == JFIF_LENGTH && file.isZero(second + JFIF_THUMBNAIL, end)) {
            kept.keep(start, end);
        } else {
            kept.put(new byte[] {(byte) MARKER, (byte) APP0, 0, JFIF_LENGTH});
            kept.keep(second + 3L, second + JFIF_THUMBNAIL);
            kept.put(new byte[2]);
        }
    }

    private static void keepAdobe(KeptParts kept, int start, int second, int end) {
        if (end - second - 1 == ADOBE_LENGTH) {
            kept.keep(start, end);
        } else {
            kept.put(new byte[] {(byte) MARKER, (byte) APP14, 0, ADOBE_LENGTH});
            kept.keep(second + 3L, second + 1L + ADOBE_LENGTH);
        }
    }

    /** Checks that a segment ends where what it states does, so that nothing hides behind its tables. */
    private static void requireNothingMore(FileBytes file, int second, int end, int marker) throws DefectException {
        int at = second + 3;
        if (JpegSegments.isFrame(marker)) {
            at += 6 + 3 * file.u8(second + 8L);
        } else if (marker == SOS) {
            at += 4 + 2 * file.u8(second + 3L);
        } else if (marker == DRI || marker == DNL) {
            at += 2;
        } else if (marker == DQT) {
            while (at < end) {
                at += 1 + (file.u8(at) >> 4 == 0 ? 1 : 2) * TABLE_ENTRIES;
            }
        } else if (marker == DHT) {
            while (at < end) {
                int symbols = 0;
                for (int length = 1; length <= 16; length++) {
                    symbols += file.u8((long) at + length);
                }
                at += 17 + symbols;
            }
        } else {
            return;
        }
        if (at != end) {
            throw DefectException.unreadable("A segment's length is not that of what it holds.");
        }
    }
}
