package io.leukostream.ingest.sanitising;

import io.leukostream.ingest.domain.DefectException;
import io.leukostream.ingest.domain.FileBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * PNG: the critical chunks, transparency, and the few chunks that hold nothing but small numbers stay; text, EXIF, time,
 * profiles, animation frames and private chunks go.
 */
final class PngRewriting {
    private static final int SIGNATURE = 8;
    private static final int CHUNK_FRAME = 12;
    private static final int HEADER_LENGTH = 13;
    private static final int DEPTH_AT = 24;
    private static final int COLOUR_TYPE_AT = 25;
    private static final int GREY = 0;
    private static final int COLOUR = 2;
    private static final int PALETTE = 3;
    /** As a number of four bytes it leaves at most three of them for a text. */
    private static final long NUMBER_BELOW = 1 << 24;

    private PngRewriting() {}

    static ByteBuffer rewrite(FileBytes file) throws DefectException {
        KeptParts kept = new KeptParts(file);
        kept.keep(0, SIGNATURE);
        Set<String> once = new HashSet<>();
        long at = SIGNATURE;
        while (true) {
            file.require(at + CHUNK_FRAME, "A chunk");
            long length = file.u32(at, ByteOrder.BIG_ENDIAN);
            long end = at + CHUNK_FRAME + length;
            file.require(end, "A chunk");
            String type = type(file, at + 4);
            boolean stays = switch (type) {
                case "IHDR" -> exact(type, length == HEADER_LENGTH && once.add(type));
                case "IEND" -> exact(type, length == 0);
                case "IDAT" -> true;
                case "PLTE" ->
                    file.at(COLOUR_TYPE_AT) == PALETTE
                            && exact(type, length % 3 == 0 && length <= 3 * 256 && once.add(type));
                default -> staysAlong(file, type, at + 8, length) && once.add(type);
            };
            if (stays) {
                kept.keep(at, end);
            }
            at = end;
            if (type.equals("IEND")) {
                kept.keepZerosFrom(end);
                return kept.bytes();
            }
        }
    }

    private static String type(FileBytes file, long at) throws DefectException {
        StringBuilder type = new StringBuilder();
        for (int k = 0; k < 4; k++) {
            int letter = file.u8(at + k) & ~0x20;
            if (letter < 'A' || letter > 'Z') {
                throw DefectException.unreadable("A chunk's type is no four letters.");
            }
            type.append((char) file.u8(at + k));
        }
        return type.toString();
    }

    private static boolean exact(String type, boolean isAsItMustBe) throws DefectException {
        if (!isAsItMustBe) {
            throw DefectException.unreadable(
                    "A chunk " + type + " is longer or shorter than it may be, or a second one.");
        }
        return true;
    }

    private static boolean staysAlong(FileBytes file, String type, long at, long length) throws DefectException {
        boolean isCritical = Character.isUpperCase(type.charAt(0));
        if (isCritical) {
            throw DefectException.metadataNotRemovable("Nothing is known of a critical chunk of the file.");
        }
        int colourType = file.at(COLOUR_TYPE_AT);
        return hasItsChecksum(file, at, length)
                && switch (type) {
                    case "tRNS" ->
                        switch (colourType) {
                            case GREY -> length == 2;
                            case COLOUR -> length == 6;
                            case PALETTE -> length >= 1 && length <= 256;
                            default -> false;
                        };
                    case "gAMA" -> length == 4 && areNumbers(file, at, 1);
                    case "cHRM" -> length == 32 && areNumbers(file, at, 8);
                    case "pHYs" -> length == 9 && areNumbers(file, at, 2) && file.u8(at + 8) <= 1;
                    case "sRGB" -> length == 1;
                    case "sBIT" -> length <= 4 && areBits(file, at, length);
                    case "bKGD" ->
                        file.at(DEPTH_AT) <= 8
                                && (length == 1 || length == 2 || length == 6)
                                && isBackground(file, at, length);
                    default -> false;
                };
    }

    private static boolean areNumbers(FileBytes file, long at, int count) throws DefectException {
        for (int k = 0; k < count; k++) {
            if (file.u32(at + 4L * k, ByteOrder.BIG_ENDIAN) >= NUMBER_BELOW) {
                return false;
            }
        }
        return true;
    }

    private static boolean areBits(FileBytes file, long at, long length) throws DefectException {
        for (long k = 0; k < length; k++) {
            if (file.u8(at + k) > 16) {
                return false;
            }
        }
        return true;
    }

    /** Samples of two bytes, the upper of which is zero at up to 8 bits. */
    private static boolean isBackground(FileBytes file, long at, long length) throws DefectException {
        for (long k = 0; k + 1 < length; k += 2) {
            if (file.u8(at + k) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasItsChecksum(FileBytes file, long at, long length) throws DefectException {
        CRC32 checksum = new CRC32();
        checksum.update(file.part(at - 4, at + length));
        return checksum.getValue() == file.u32(at + length, ByteOrder.BIG_ENDIAN);
    }
}
