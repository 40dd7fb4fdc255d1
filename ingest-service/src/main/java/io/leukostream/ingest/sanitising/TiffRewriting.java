package io.leukostream.ingest.sanitising;

import io.leukostream.ingest.domain.DefectException;
import io.leukostream.ingest.domain.FileBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * Classic TIFF: of the first directory the tags that decoding reads stay, with their values and the strips or tiles, all
 * at their places. Every other byte of the file (descriptions, names, dates, EXIF, XMP, profiles, further pages,
 * whatever a tag that went referred to) is made zero, or cut off at the end.
 */
final class TiffRewriting {
    private static final int HEADER = 8;
    private static final int ENTRY_BYTES = 12;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;
    private static final int UNDEFINED = 7;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int STRIP_BYTE_COUNTS = 279;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;
    private static final int X_RESOLUTION = 282;
    private static final int Y_RESOLUTION = 283;
    private static final int COLOUR_MAP = 320;
    private static final int JPEG_TABLES = 347;
    private static final int COEFFICIENTS = 529;
    private static final int REFERENCE_BLACK_WHITE = 532;
    /** None, LZW, JPEG, Deflate, PackBits, and Deflate's older number. */
    private static final Set<Integer> COMPRESSIONS = Set.of(1, 5, 7, 8, 32773, 32946);

    private static final int JPEG = 7;
    private static final int PALETTE = 3;
    private static final int MOST_PARTS = 1 << 20;
    private static final int MOST_SAMPLES = 16;
    private static final int MOST_TABLES = 1 << 16;
    private static final int MOST_COLOURS = 3 << 16;
    /** As a number of four bytes it leaves at most three of them for a text. */
    private static final long NUMBER_BELOW = 1 << 24;

    private final FileBytes file;
    private final ByteOrder order;
    private final ByteBuffer clean;
    private int compression = 1;
    private int photometric;
    private long end = HEADER;

    private TiffRewriting(FileBytes file) {
        this.file = file;
        this.order = file.has(0, 'I') ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        this.clean = ByteBuffer.allocate(file.length()).order(order);
    }

    static ByteBuffer rewrite(FileBytes file) throws DefectException {
        return new TiffRewriting(file).rewrite();
    }

    private ByteBuffer rewrite() throws DefectException {
        long directory = file.u32(4, order);
        int entries = file.u16(directory, order);
        file.require(directory + 2 + (long) entries * ENTRY_BYTES + 4, "The directory");
        if (directory < HEADER) {
            throw DefectException.unreadable("The directory lies within the header.");
        }
        copy(0, HEADER);
        for (int k = 0; k < entries; k++) {
            long entry = directory + 2 + (long) k * ENTRY_BYTES;
            int tag = file.u16(entry, order);
            if (tag == COMPRESSION) {
                compression = value(entry);
            } else if (tag == PHOTOMETRIC) {
                photometric = value(entry);
            }
        }
        if (!COMPRESSIONS.contains(compression)) {
            throw DefectException.metadataNotRemovable("Nothing is known of the compression " + compression + ".");
        }
        Set<Integer> once = new HashSet<>();
        long offsets = -1;
        long lengths = -1;
        int count = 0;
        for (int k = 0; k < entries; k++) {
            long entry = directory + 2 + (long) k * ENTRY_BYTES;
            int tag = file.u16(entry, order);
            if (!stays(tag, entry) || !once.add(tag)) {
                continue;
            }
            keepValues(entry);
            // Entries move up over those that went; the place of a value in its entry moves along.
            int target = (int) directory + 2 + count * ENTRY_BYTES;
            clean.put(target, file.part(entry, entry + HEADER), 0, HEADER);
            int inline = bytes(entry) <= 4 ? (int) bytes(entry) : 4;
            clean.put(target + HEADER, file.part(entry + HEADER, entry + HEADER + inline), 0, inline);
            count++;
            if (tag == STRIP_OFFSETS || tag == TILE_OFFSETS) {
                offsets = entry;
            } else if (tag == STRIP_BYTE_COUNTS || tag == TILE_BYTE_COUNTS) {
                lengths = entry;
            }
        }
        clean.putShort((int) directory, (short) count);
        end = Math.max(end, directory + 2 + (long) entries * ENTRY_BYTES + 4);
        keepPixels(offsets, lengths);
        if (!file.isZero(end, file.length())) {
            clean.limit((int) end);
        }
        return clean;
    }

    private boolean stays(int tag, long entry) throws DefectException {
        int type = file.u16(entry + 2, order);
        long count = file.u32(entry + 4, order);
        boolean isNumber = type == SHORT || type == LONG;
        return switch (tag) {
            // Kind of page, width, length, compression, interpretation, fill order, orientation, samples, rows per
            // strip, planes, options of CCITT, predictor, tile width and length, ink set, place of chroma.
            case 254, 256, 257, COMPRESSION, PHOTOMETRIC, 266, 274, 277, 278, 284, 292, 293, 317, 322, 323, 332, 531 ->
                required(tag, isNumber && count == 1);
            // Bits, lowest and highest value, extra samples, sample format: one for each sample.
            case 258, 280, 281, 338, 339 -> required(tag, isNumber && count >= 1 && count <= MOST_SAMPLES);
            case 530 -> required(tag, isNumber && count == 2);
            case STRIP_OFFSETS, STRIP_BYTE_COUNTS, TILE_OFFSETS, TILE_BYTE_COUNTS ->
                required(tag, isNumber && count >= 1 && count <= MOST_PARTS);
            case COLOUR_MAP -> photometric == PALETTE && required(tag, type == SHORT && count <= MOST_COLOURS);
            case JPEG_TABLES -> compression == JPEG && required(tag, type == UNDEFINED && count <= MOST_TABLES);
            case COEFFICIENTS -> required(tag, type == RATIONAL && count == 3 && areNumbers(entry, 3));
            case REFERENCE_BLACK_WHITE -> required(tag, type == RATIONAL && count == 6 && areNumbers(entry, 6));
            case X_RESOLUTION, Y_RESOLUTION -> type == RATIONAL && count == 1 && areNumbers(entry, 1);
            case 296 -> isNumber && count == 1;
            default -> false;
        };
    }

    private static boolean required(int tag, boolean isAsItMustBe) throws DefectException {
        if (!isAsItMustBe) {
            throw DefectException.metadataNotRemovable("The tag " + tag + " has no value of its kind.");
        }
        return true;
    }

    private boolean areNumbers(long entry, int rationals) throws DefectException {
        long at = file.u32(entry + HEADER, order);
        for (int k = 0; k < 2 * rationals; k++) {
            if (file.u32(at + 4L * k, order) >= NUMBER_BELOW) {
                return false;
            }
        }
        return true;
    }

    private void keepValues(long entry) throws DefectException {
        long bytes = bytes(entry);
        if (bytes > 4) {
            long at = file.u32(entry + HEADER, order);
            file.require(at + bytes, "The values of a tag");
            if (hidesDirectory(at, at + bytes)) {
                throw DefectException.unreadable("The values of a tag lie over the directory.");
            }
            copy(at, at + bytes);
            if (file.u16(entry, order) == JPEG_TABLES) {
                JpegRewriting.blank(file, (int) at, (int) (at + bytes), clean.array());
            }
        }
    }

    /** Whether the bytes lie over the file's header or its directory, whose entries move. */
    private boolean hidesDirectory(long from, long to) throws DefectException {
        long directory = file.u32(4, order);
        long directoryEnd = directory + 2 + (long) file.u16(directory, order) * ENTRY_BYTES + 4;
        return to > from && (from < HEADER || (from < directoryEnd && to > directory));
    }

    private void keepPixels(long offsets, long lengths) throws DefectException {
        if (offsets < 0 || lengths < 0 || file.u32(offsets + 4, order) != file.u32(lengths + 4, order)) {
            throw DefectException.unreadable("The directory names no strips or tiles with their lengths.");
        }
        long budget = 2L * file.length();
        for (long k = 0; k < file.u32(offsets + 4, order); k++) {
            long at = element(offsets, k);
            long length = element(lengths, k);
            file.require(at + length, "A strip or tile");
            budget -= length;
            if (budget < 0 || hidesDirectory(at, at + length)) {
                throw DefectException.unreadable("The strips or tiles lie over one another.");
            }
            copy(at, at + length);
            if (compression == JPEG && length > 0) {
                JpegRewriting.blank(file, (int) at, (int) (at + length), clean.array());
            }
        }
    }

    private void copy(long from, long to) {
        clean.put((int) from, file.part(from, to), 0, (int) (to - from));
        end = Math.max(end, to);
    }

    private long element(long entry, long index) throws DefectException {
        long at = bytes(entry) <= 4 ? entry + HEADER : file.u32(entry + HEADER, order);
        return file.u16(entry + 2, order) == SHORT ? file.u16(at + 2 * index, order) : file.u32(at + 4 * index, order);
    }

    private int value(long entry) throws DefectException {
        return file.u16(entry + 2, order) == SHORT ? file.u16(entry + HEADER, order) : file.i32(entry + HEADER, order);
    }

    /** Length of a tag's values that stays. */
    private long bytes(long entry) throws DefectException {
        int size = switch (file.u16(entry + 2, order)) {
            case UNDEFINED -> 1;
            case SHORT -> 2;
            case LONG -> 4;
            case RATIONAL -> 8;
            default -> throw DefectException.metadataNotRemovable("A tag has a type of no known length.");
        };
        return size * file.u32(entry + 4, order);
    }
}
