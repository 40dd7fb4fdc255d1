package io.leukostream.inference.imaging;

import io.leukostream.inference.domain.RejectionReason;
import io.leukostream.inference.imaging.PixelData.FlawException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** PNG (ISO/IEC 15948): every chunk's checksum, and a zlib stream of just the bytes that the rows need. */
final class PngPixelData {
    private static final int IHDR = 0x49484452;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;
    /** Of an animation: the decoder shows its first frame, other readers the still picture. */
    private static final int AC_TL = 0x6163544C;

    private static final int FIRST_CHUNK = 8;
    private static final int CHUNK_FRAME = 12;
    /** Of the passes of Adam7: first column and row, and the steps between columns and rows. */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private PngPixelData() {}

    static void check(ByteBuffer bytes) throws FlawException {
        if (bytes.getInt(FIRST_CHUNK + 4) != IHDR) {
            throw FlawException.unreadable("The first chunk is not IHDR.");
        }
        int bits = bytes.get(24);
        if (bits > 8) {
            throw FlawException.unsupported("The file has " + bits + " bits a channel; 8 are read.");
        }
        long expected = bytes(bytes.getInt(16), bytes.getInt(20), bits * channels(bytes.get(25)), bytes.get(28) != 0);
        byte[] buffer = new byte[1 << 15];
        CRC32 crc = new CRC32();
        Inflater inflater = new Inflater();
        try {
            long inflated = 0;
            int at = FIRST_CHUNK;
            while (true) {
                int length = bytes.getInt(at);
                if (length < 0 || at + (long) CHUNK_FRAME + length > bytes.limit()) {
                    throw FlawException.truncated("The file ends within a chunk.");
                }
                int type = bytes.getInt(at + 4);
                crc.reset();
                crc.update(bytes.slice(at + 4, length + 4));
                if ((int) crc.getValue() != bytes.getInt(at + 8 + length)) {
                    throw FlawException.unreadable("The checksum of a chunk does not hold.");
                }
                if (type == IDAT) {
                    inflater.setInput(bytes.slice(at + 8, length));
                    int got;
                    while ((got = inflater.inflate(buffer)) > 0) {
                        inflated += got;
                        if (inflated > expected) {
                            throw FlawException.unreadable("The compressed data holds more than the rows need.");
                        }
                    }
                } else if (type == AC_TL) {
                    throw new FlawException(
                            RejectionReason.PICTURE_AMBIGUOUS, "The file is an animation, not one picture.");
                } else if (type == IEND) {
                    break;
                }
                at += CHUNK_FRAME + length;
            }
            if (!inflater.finished() || inflated != expected) {
                throw FlawException.truncated("The compressed data ends before the rows do.");
            }
        } catch (DataFormatException e) {
            throw FlawException.unreadable("The compressed data is damaged.");
        } finally {
            inflater.end();
        }
    }

    private static int channels(int colourType) throws FlawException {
        return switch (colourType) {
            case 0, 3 -> 1;
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> throw FlawException.unreadable("There is no colour type " + colourType + ".");
        };
    }

    /** Bytes of all rows, each with the byte that names its filter. */
    private static long bytes(long width, long height, int bitsPerPixel, boolean interlaced) {
        if (!interlaced) {
            return height * (1 + (width * bitsPerPixel + 7) / 8);
        }
        long sum = 0;
        for (int[] pass : PASSES) {
            long columns = (width - pass[0] + pass[2] - 1) / pass[2];
            long rows = (height - pass[1] + pass[3] - 1) / pass[3];
            sum += columns > 0 && rows > 0 ? rows * (1 + (columns * bitsPerPixel + 7) / 8) : 0;
        }
        return sum;
    }
}
