package io.leukostream.ingest.domain;

import java.nio.ByteOrder;

/** JPEG (ITU-T T.81): segments with their lengths, scans of entropy-coded data between them, EOI last. */
final class JpegFormat implements FileFormat {
    private static final int MARKER = 0xFF;
    private static final int TEM = 0x01;
    private static final int SOF0 = 0xC0;
    private static final int DHT = 0xC4;
    private static final int JPG = 0xC8;
    private static final int DAC = 0xCC;
    private static final int SOF15 = 0xCF;
    private static final int RST0 = 0xD0;
    private static final int RST7 = 0xD7;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;

    @Override
    public MediaType mediaType() {
        return MediaType.JPEG;
    }

    @Override
    public boolean recognises(FileBytes file) {
        return file.has(0, MARKER, 0xD8, MARKER);
    }

    @Override
    public PixelSize size(FileBytes file) throws DefectException {
        long at = 2;
        while (true) {
            at = markerAt(file, at);
            int marker = file.at((int) at);
            if (isFrame(marker)) {
                return PixelSize.of(file.u16(at + 6, ByteOrder.BIG_ENDIAN), file.u16(at + 4, ByteOrder.BIG_ENDIAN));
            }
            if (marker == SOS || marker == EOI) {
                throw DefectException.unreadable("The file has no frame header before its first scan.");
            }
            at = afterSegment(file, at, marker);
        }
    }

    @Override
    public void requireWhole(FileBytes file) throws DefectException {
        long at = 2;
        while (true) {
            at = markerAt(file, at);
            int marker = file.at((int) at);
            if (marker == EOI) {
                return;
            }
            at = afterSegment(file, at, marker);
            if (marker == SOS) {
                at = afterScan(file, (int) at);
            }
        }
    }

    private static boolean isFrame(int marker) {
        return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }

    private static boolean standsAlone(int marker) {
        return marker == TEM || (marker >= RST0 && marker <= RST7);
    }

    /** Position of the marker's second byte, past any fill bytes. */
    private static long markerAt(FileBytes file, long at) throws DefectException {
        if (at >= file.length()) {
            throw withoutEnd();
        }
        if (file.u8(at) != MARKER) {
            throw DefectException.unreadable("There is no marker at byte " + at + ".");
        }
        long second = at + 1;
        while (second < file.length() && file.at((int) second) == MARKER) {
            second++;
        }
        if (second >= file.length()) {
            throw withoutEnd();
        }
        return second;
    }

    private static long afterSegment(FileBytes file, long at, int marker) throws DefectException {
        if (standsAlone(marker)) {
            return at + 1;
        }
        int length = file.u16(at + 1, ByteOrder.BIG_ENDIAN);
        if (length < 2) {
            throw DefectException.unreadable("A segment states a length of " + length + ".");
        }
        long end = at + 1 + length;
        file.require(end, "A segment");
        return end;
    }

    /** Position of the first marker after entropy-coded data, in which FF is followed by 00 or a restart marker. */
    private static long afterScan(FileBytes file, int from) throws DefectException {
        int last = file.length() - 1;
        for (int at = from; at < last; at++) {
            if (file.at(at) == MARKER) {
                int next = file.at(at + 1);
                if (next != 0 && next != MARKER && !standsAlone(next)) {
                    return at;
                }
            }
        }
        throw withoutEnd();
    }

    private static DefectException withoutEnd() {
        return DefectException.truncated("The file ends without the marker EOI.");
    }
}
