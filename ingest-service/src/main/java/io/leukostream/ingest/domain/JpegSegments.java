package io.leukostream.ingest.domain;

import java.nio.ByteOrder;

/** The markers of a JPEG stream (ITU-T T.81, Annex B) and how to walk from one to the next without decoding. */
public final class JpegSegments {
    public static final int MARKER = 0xFF;
    public static final int SOI = 0xD8;
    public static final int TEM = 0x01;
    public static final int SOF0 = 0xC0;
    public static final int DHT = 0xC4;
    public static final int JPG = 0xC8;
    public static final int DAC = 0xCC;
    public static final int SOF15 = 0xCF;
    public static final int RST0 = 0xD0;
    public static final int RST7 = 0xD7;
    public static final int EOI = 0xD9;
    public static final int SOS = 0xDA;
    public static final int DQT = 0xDB;
    public static final int DNL = 0xDC;
    public static final int DRI = 0xDD;
    public static final int APP0 = 0xE0;
    public static final int APP14 = 0xEE;
    public static final int APP15 = 0xEF;
    public static final int COM = 0xFE;

    /**
     * More scans are a trap: a decoder goes over all pixels for each, so that a small file could keep it busy for an hour.
     * The limit is the one of libtiff for JPEG within TIFF; encoders write about ten.
     */
    private static final int MOST_SCANS = 100;

    private JpegSegments() {}

    /** Whether the marker begins a frame header. */
    public static boolean isFrame(int marker) {
        return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }

    /** Whether the marker has no segment. */
    public static boolean standsAlone(int marker) {
        return marker == TEM || (marker >= RST0 && marker <= RST7);
    }

    /**
     * Position of the marker's second byte, past any fill bytes.
     *
     * @throws DefectException if there is no marker, or the file ends
     */
    public static int markerAt(FileBytes file, long at) throws DefectException {
        if (at >= file.length()) {
            throw withoutEnd();
        }
        if (file.u8(at) != MARKER) {
            throw DefectException.unreadable("There is no marker at byte " + at + ".");
        }
        int second = (int) at + 1;
        while (second < file.length() && file.at(second) == MARKER) {
            second++;
        }
        if (second >= file.length()) {
            throw withoutEnd();
        }
        return second;
    }

    /**
     * Position after the marker, and after its segment where it has one.
     *
     * @param at of the marker's second byte
     * @throws DefectException if the segment does not lie within the file
     */
    public static int afterSegment(FileBytes file, int at, int marker) throws DefectException {
        if (standsAlone(marker)) {
            return at + 1;
        }
        int length = file.u16(at + 1L, ByteOrder.BIG_ENDIAN);
        if (length < 2) {
            throw DefectException.unreadable("A segment states a length of " + length + ".");
        }
        int end = at + 1 + length;
        file.require(end, "A segment");
        return end;
    }

    /**
     * Position of the first marker after entropy-coded data, in which FF is followed by 00 or a restart marker.
     *
     * @throws DefectException if the file ends before
     */
    public static int afterScan(FileBytes file, int from) throws DefectException {
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

    /**
     * Checks the number of scans of a picture.
     *
     * @param scans so far
     * @throws DefectException if there are too many
     */
    public static void requireFew(int scans) throws DefectException {
        if (scans > MOST_SCANS) {
            throw DefectException.unreadable("The picture has more than " + MOST_SCANS + " scans.");
        }
    }

    private static DefectException withoutEnd() {
        return DefectException.truncated("The file ends without the marker EOI.");
    }
}
