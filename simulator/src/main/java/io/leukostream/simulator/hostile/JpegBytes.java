package io.leukostream.simulator.hostile;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** JPEG taken apart at its markers and put together again. */
final class JpegBytes {
    private static final int SOS = 0xDA;
    private static final int EOI = 0xD9;

    private JpegBytes() {}

    /** Where the parts of a file begin: each marker, its length, its content; and the middle of each scan. */
    static List<Integer> boundaries(byte[] jpeg) {
        List<Integer> boundaries = new ArrayList<>(List.of(0, 1, 2));
        for (int at = 2; at + 4 < jpeg.length && marker(jpeg, at) != EOI; at = next(jpeg, at)) {
            boundaries.addAll(List.of(at, at + 2, at + 4));
            if (marker(jpeg, at) == SOS) {
                boundaries.add((at + next(jpeg, at)) / 2);
            }
        }
        boundaries.add(jpeg.length - 2);
        boundaries.add(jpeg.length - 1);
        return boundaries;
    }

    /** A copy whose frame header states other dimensions. */
    static byte[] withSize(byte[] jpeg, int widthPx, int heightPx) {
        byte[] copy = jpeg.clone();
        int frame = frame(jpeg);
        ByteBuffer.wrap(copy).putShort(frame + 5, (short) heightPx).putShort(frame + 7, (short) widthPx);
        return copy;
    }

    /** A copy whose frame header states another coding (0xC0..0xCF) and sample precision. */
    static byte[] withCoding(byte[] jpeg, int marker, int precisionBits) {
        byte[] copy = jpeg.clone();
        int frame = frame(jpeg);
        copy[frame + 1] = (byte) marker;
        copy[frame + 4] = (byte) precisionBits;
        return copy;
    }

    /** A copy with one more segment after the start. */
    static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        return Bytes.joined(
                Arrays.copyOf(jpeg, 2),
                new byte[] {(byte) 0xFF, (byte) marker, (byte) ((content.length + 2) >> 8), (byte) (content.length + 2)
                },
                content,
                Arrays.copyOfRange(jpeg, 2, jpeg.length));
    }

    /** A copy in which the last scan comes that many times more: the decoder goes over all pixels for each. */
    static byte[] withRepeatedScan(byte[] jpeg, int times) {
        int last = 0;
        int end = 0;
        for (int at = 2; marker(jpeg, at) != EOI; at = next(jpeg, at)) {
            if (marker(jpeg, at) == SOS) {
                last = at;
                end = next(jpeg, at);
            }
        }
        // Few coded bytes do: what is missing is filled with zeros.
        byte[] scan = Arrays.copyOfRange(jpeg, last, Math.min(end, last + 2 + length(jpeg, last) + 8));
        scan[scan.length - 1] = 0;
        scan[scan.length - 2] = 0;
        byte[][] parts = new byte[times + 2][];
        parts[0] = Arrays.copyOf(jpeg, end);
        Arrays.fill(parts, 1, times + 1, scan);
        parts[times + 1] = new byte[] {(byte) 0xFF, (byte) EOI};
        return Bytes.joined(parts);
    }

    private static int frame(byte[] jpeg) {
        int at = 2;
        while (marker(jpeg, at) < 0xC0 || marker(jpeg, at) > 0xC2) {
            at = next(jpeg, at);
        }
        return at;
    }

    private static int marker(byte[] jpeg, int at) {
        return jpeg[at + 1] & 0xFF;
    }

    private static int length(byte[] jpeg, int at) {
        return ((jpeg[at + 2] & 0xFF) << 8) | (jpeg[at + 3] & 0xFF);
    }

    private static int next(byte[] jpeg, int at) {
        int end = at + 2 + length(jpeg, at);
        if (marker(jpeg, at) == SOS) {
            while (jpeg[end] != (byte) 0xFF || jpeg[end + 1] == 0) {
                end++;
            }
        }
        return end;
    }
}
