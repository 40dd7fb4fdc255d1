package io.leukostream.ingest.dicom;

import io.leukostream.ingest.domain.DefectException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes an image file of what Orthanc gives for a frame. Uncompressed pixels become a BMP of 24 bits, whose bytes follow
 * from the pixels alone: a PNG's would follow from the version of a compressor too, and the same frame be another image
 * after an update.
 */
final class FramePixels {
    private static final int FILE_HEADER_BYTES = 14;
    private static final int HEADER_BYTES = FILE_HEADER_BYTES + 40;
    private static final int PAM_HEADER_BYTES = 256;
    private static final int SAMPLES = 3;

    private FramePixels() {}

    /** Bytes of the file that a frame of so many pixels becomes. */
    static long fileBytes(long widthPx, long heightPx) {
        return HEADER_BYTES + heightPx * rowBytes(widthPx);
    }

    /** The most bytes that Orthanc may give for an uncompressed or decoded frame. */
    static long sourceBytes(FrameSource source, long widthPx, long heightPx) {
        return widthPx * heightPx * source.samples() + PAM_HEADER_BYTES;
    }

    /**
     * The file.
     *
     * @param given what Orthanc gave, by {@link FrameSource#how}, from 0 to limit
     * @throws DefectException if that is not a frame of these dimensions
     */
    static ByteBuffer file(FrameSource source, ByteBuffer given, int widthPx, int heightPx) throws DefectException {
        if (source == FrameSource.JPEG_STREAM) {
            return given;
        }
        int from = source.isDecoded() ? pixelsOfPam(given, source, widthPx, heightPx) : 0;
        int pixels = widthPx * heightPx;
        int expected = pixels * source.samples();
        // A file's last frame may carry the byte that makes its length even.
        boolean hasPadding = !source.isDecoded() && given.remaining() == expected + 1;
        if (given.remaining() - from != expected && !hasPadding) {
            throw DefectException.truncated("The frame has " + (given.remaining() - from) + " bytes of pixels where its"
                    + " dimensions make " + expected + ".");
        }
        return bitmap(source, given, from, widthPx, heightPx);
    }

    private static ByteBuffer bitmap(FrameSource source, ByteBuffer given, int from, int widthPx, int heightPx) {
        int rowBytes = Math.toIntExact(rowBytes(widthPx));
        int pixels = widthPx * heightPx;
        ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(fileBytes(widthPx, heightPx)))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M');
        file.putInt(file.capacity()).putInt(0).putInt(HEADER_BYTES);
        file.putInt(HEADER_BYTES - FILE_HEADER_BYTES).putInt(widthPx).putInt(heightPx);
        file.putShort((short) 1).putShort((short) 24).putInt(0).putInt(heightPx * rowBytes);
        file.putInt(0).putInt(0).putInt(0).putInt(0);
        byte[] bytes = new byte[file.remaining()];
        for (int y = 0; y < heightPx; y++) {
            int to = (heightPx - 1 - y) * rowBytes;
            for (int x = 0; x < widthPx; x++, to += SAMPLES) {
                int k = y * widthPx + x;
                switch (source) {
                    case RGB, DECODED_COLOUR -> {
                        bytes[to] = given.get(from + k * SAMPLES + 2);
                        bytes[to + 1] = given.get(from + k * SAMPLES + 1);
                        bytes[to + 2] = given.get(from + k * SAMPLES);
                    }
                    case RGB_BY_PLANE -> {
                        bytes[to] = given.get(2 * pixels + k);
                        bytes[to + 1] = given.get(pixels + k);
                        bytes[to + 2] = given.get(k);
                    }
                    case YBR ->
                        putYbr(
                                bytes,
                                to,
                                given.get(k * SAMPLES),
                                given.get(k * SAMPLES + 1),
                                given.get(k * SAMPLES + 2));
                    case YBR_BY_PLANE ->
                        putYbr(bytes, to, given.get(k), given.get(pixels + k), given.get(2 * pixels + k));
                    case GREY, DECODED_GREY -> putGrey(bytes, to, given.get(from + k));
                    case INVERTED_GREY, DECODED_INVERTED_GREY -> putGrey(bytes, to, (byte) ~given.get(from + k));
                    case JPEG_STREAM -> throw new IllegalArgumentException("a JPEG stream is a file already");
                }
            }
        }
        return file.put(bytes).flip();
    }

    private static void putGrey(byte[] bytes, int to, byte value) {
        bytes[to] = value;
        bytes[to + 1] = value;
        bytes[to + 2] = value;
    }

    /** ITU-T T.871, in whole numbers of 2⁻¹⁶. */
    private static void putYbr(byte[] bytes, int to, byte luminance, byte blueDifference, byte redDifference) {
        int y = ((luminance & 0xFF) << 16) + (1 << 15);
        int b = (blueDifference & 0xFF) - 128;
        int r = (redDifference & 0xFF) - 128;
        bytes[to] = clamped(y + 116_130 * b);
        bytes[to + 1] = clamped(y - 22_554 * b - 46_802 * r);
        bytes[to + 2] = clamped(y + 91_881 * r);
    }

    private static byte clamped(int fixed) {
        return (byte) Math.clamp(fixed >> 16, 0, 255);
    }

    private static long rowBytes(long widthPx) {
        return (widthPx * SAMPLES + 3) / 4 * 4;
    }

    /** Where the pixels of a PAM file begin. */
    private static int pixelsOfPam(ByteBuffer file, FrameSource source, int widthPx, int heightPx)
            throws DefectException {
        String start = StandardCharsets.US_ASCII
                .decode(file.slice(0, Math.min(file.remaining(), PAM_HEADER_BYTES)))
                .toString();
        int end = start.indexOf("ENDHDR\n");
        if (!start.startsWith("P7\n") || end < 0) {
            throw DefectException.unreadable("Orthanc gave no decoded frame.");
        }
        Map<String, String> header = new HashMap<>();
        start.substring(0, end).lines().skip(1).forEach(line -> {
            int space = line.indexOf(' ');
            header.put(line.substring(0, Math.max(0, space)), line.substring(space + 1));
        });
        Map<String, String> expected = Map.of(
                "WIDTH", Integer.toString(widthPx),
                "HEIGHT", Integer.toString(heightPx),
                "DEPTH", Integer.toString(source.samples()),
                "MAXVAL", "255");
        if (!header.entrySet().containsAll(expected.entrySet())) {
            throw DefectException.unreadable("Orthanc decodes the frame to other dimensions than the instance states.");
        }
        return end + "ENDHDR\n".length();
    }
}
