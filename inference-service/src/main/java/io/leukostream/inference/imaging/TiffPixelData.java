package io.leukostream.inference.imaging;

import io.leukostream.inference.domain.RejectionReason;
import io.leukostream.inference.imaging.PixelData.FlawException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * TIFF 6.0: one full picture, the first, whose strips or tiles are as many as its size asks for, and each of which decodes to
 * just its rows. libtiff fills up a strip that ends early and says so on standard error only.
 */
final class TiffPixelData {
    private static final int ENTRY_BYTES = 12;
    private static final int MOST_PAGES = 1_000;
    private static final int NEW_SUBFILE_TYPE = 254;
    private static final int SUBFILE_TYPE = 255;
    private static final int REDUCED_PICTURE = 2;
    private static final int REDUCED = 1;
    private static final int MASK = 4;
    private static final int JPEG_TABLES = 347;

    private final ByteBuffer bytes;
    private final int directory;

    private TiffPixelData(ByteBuffer bytes, int directory) {
        this.bytes = bytes;
        this.directory = directory;
    }

    /** Whether the first page has a tag. */
    static boolean has(ByteBuffer bytes, int tag) {
        return new TiffPixelData(bytes, bytes.getInt(4)).entry(tag) >= 0;
    }

    static void check(ByteBuffer bytes) throws FlawException {
        TiffPixelData first = new TiffPixelData(bytes, bytes.getInt(4));
        first.requireEachTagOnce();
        if (first.isReduced()) {
            throw ambiguous("The first page is a reduced picture of another.");
        }
        Set<Integer> seen = new HashSet<>(Set.of(first.directory));
        for (int next = first.next(); next != 0; ) {
            TiffPixelData page = new TiffPixelData(bytes, next);
            if (!seen.add(next) || seen.size() > MOST_PAGES) {
                throw FlawException.unreadable("The chain of pages does not end.");
            }
            boolean hasPixels = page.entry(273) >= 0 || page.entry(324) >= 0;
            if (hasPixels && !page.isReduced() && (page.value(NEW_SUBFILE_TYPE, 0) & MASK) == 0) {
                throw ambiguous("The file holds several full pictures.");
            }
            next = page.next();
        }
        first.checkPixels();
    }

    private static FlawException ambiguous(String detail) {
        return new FlawException(RejectionReason.PICTURE_AMBIGUOUS, detail);
    }

    /** Of a tag that is there twice one reader takes the first, another the last. */
    private void requireEachTagOnce() throws FlawException {
        Set<Short> seen = new HashSet<>();
        for (int k = 0; k < entries(); k++) {
            if (!seen.add(bytes.getShort(directory + 2 + k * ENTRY_BYTES))) {
                throw FlawException.unreadable("The directory names a tag twice.");
            }
        }
    }

    private boolean isReduced() {
        return (value(NEW_SUBFILE_TYPE, 0) & REDUCED) != 0 || value(SUBFILE_TYPE, 0) == REDUCED_PICTURE;
    }

    private int entries() {
        return bytes.getShort(directory) & 0xFFFF;
    }

    private int next() {
        return bytes.getInt(directory + 2 + entries() * ENTRY_BYTES);
    }

    /** Position of a tag's entry; -1 where the page has none. */
    private int entry(int tag) {
        for (int k = 0; k < entries(); k++) {
            int at = directory + 2 + k * ENTRY_BYTES;
            if ((bytes.getShort(at) & 0xFFFF) == tag) {
                return at;
            }
        }
        return -1;
    }

    private long value(int tag, long otherwise) {
        int entry = entry(tag);
        return entry < 0 ? otherwise : element(entry, 0);
    }

    private long element(int entry, int index) {
        boolean isShort = bytes.getShort(entry + 2) == 3;
        long all = count(entry) * (isShort ? 2 : 4);
        int at = all <= 4 ? entry + 8 : bytes.getInt(entry + 8);
        return isShort ? bytes.getShort(at + 2 * index) & 0xFFFF : bytes.getInt(at + 4 * index) & 0xFFFFFFFFL;
    }

    private long count(int entry) {
        return bytes.getInt(entry + 4) & 0xFFFFFFFFL;
    }

    private void checkPixels() throws FlawException {
        long width = value(256, 0);
        long height = value(257, 0);
        int samples = (int) value(277, 1);
        int bitsEntry = entry(258);
        long bits = value(258, 1);
        for (int k = 0; bitsEntry >= 0 && k < count(bitsEntry); k++) {
            if (element(bitsEntry, k) > 8 || element(bitsEntry, k) != bits) {
                throw FlawException.unsupported(
                        "The file has " + element(bitsEntry, k) + " bits a channel; 8 are read.");
            }
        }
        if (value(339, 1) != 1) {
            throw FlawException.unsupported("The file's channels are no unsigned numbers.");
        }
        boolean isTiled = entry(324) >= 0;
        long pieceWidth = isTiled ? value(322, 0) : width;
        long pieceHeight = isTiled ? value(323, 0) : Math.min(value(278, height), height);
        if (pieceWidth < 1 || pieceHeight < 1 || samples < 1 || samples > 16) {
            throw FlawException.unreadable("The directory names no size of its strips or tiles.");
        }
        boolean isPlanar = value(284, 1) == 2;
        long across = (width + pieceWidth - 1) / pieceWidth;
        long down = (height + pieceHeight - 1) / pieceHeight;
        int offsets = entry(isTiled ? 324 : 273);
        int lengths = entry(isTiled ? 325 : 279);
        long expected = across * down * (isPlanar ? samples : 1);
        if (offsets < 0 || lengths < 0 || count(offsets) != expected || count(lengths) != expected) {
            throw FlawException.unreadable("The strips or tiles are not as many as the picture needs.");
        }
        int compression = (int) value(259, 1);
        // Of YCbCr that is not JPEG the chroma may be stored at half the width and height.
        if (value(262, 1) == 6 && compression != 7) {
            throw FlawException.unsupported("YCbCr is read in JPEG only.");
        }
        for (int k = 0; k < expected; k++) {
            long rows = isTiled ? pieceHeight : Math.min(pieceHeight, height - k % down * pieceHeight);
            long rowBytes = (pieceWidth * bits * (isPlanar ? 1 : samples) + 7) / 8;
            long at = element(offsets, k);
            long length = element(lengths, k);
            if (at < 8 || length < 1) {
                throw FlawException.unreadable("A strip or tile has no place or no length.");
            }
            if (at + length > bytes.limit()) {
                throw FlawException.truncated("The file ends within a strip or tile.");
            }
            checkPiece(compression, bytes.slice((int) at, (int) length), rows * rowBytes);
        }
    }

    private void checkPiece(int compression, ByteBuffer piece, long expected) throws FlawException {
        long decoded = switch (compression) {
            case 1 -> piece.limit();
            case 5 -> lzw(piece, expected);
            case 8, 32946 -> deflate(piece, expected);
            case 32773 -> packBits(piece);
            case 7 -> {
                checkJpeg(piece);
                yield expected;
            }
            default -> throw FlawException.unsupported("The compression " + compression + " is not read.");
        };
        if (decoded < expected) {
            throw FlawException.truncated("A strip or tile ends before its rows do.");
        }
    }

    private ByteBuffer tables() {
        int entry = entry(JPEG_TABLES);
        int length = (int) count(entry);
        return bytes.slice(length <= 4 ? entry + 8 : bytes.getInt(entry + 8), length);
    }

    private static long deflate(ByteBuffer piece, long expected) throws FlawException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(piece);
            byte[] buffer = new byte[1 << 15];
            long inflated = 0;
            int got;
            while ((got = inflater.inflate(buffer)) > 0) {
                inflated += got;
                if (inflated > expected) {
                    throw FlawException.unreadable("A strip or tile holds more than its rows.");
                }
            }
            if (!inflater.finished()) {
                throw FlawException.truncated("The compressed data of a strip or tile ends early.");
            }
            return inflated;
        } catch (DataFormatException e) {
            throw FlawException.unreadable("The compressed data of a strip or tile is damaged.");
        } finally {
            inflater.end();
        }
    }

    private static long packBits(ByteBuffer piece) throws FlawException {
        long decoded = 0;
        int at = 0;
        while (at < piece.limit()) {
            int n = piece.get(at++);
            if (n >= 0) {
                if (at + n + 1 > piece.limit()) {
                    throw FlawException.truncated("The compressed data of a strip or tile ends early.");
                }
                decoded += n + 1;
                at += n + 1;
            } else if (n != -128) {
                decoded += 1 - n;
                at++;
            }
        }
        return decoded;
    }

    /** Bytes that a strip of TIFF's LZW (most significant bit first, codes grow one early) decodes to. */
    private static long lzw(ByteBuffer piece, long expected) throws FlawException {
        int[] lengths = new int[4097];
        int next = 258;
        int codeBits = 9;
        int previous = -1;
        long decoded = 0;
        long bit = 0;
        while (bit + codeBits <= 8L * piece.limit()) {
            int code = code(piece, bit, codeBits);
            bit += codeBits;
            if (code == 257) {
                return decoded;
            }
            if (code == 256) {
                next = 258;
                codeBits = 9;
                previous = -1;
                continue;
            }
            if (code > next || (previous < 0 && code > 255)) {
                throw FlawException.unreadable("The compressed data of a strip or tile is damaged.");
            }
            int length = code < 256 ? 1 : code < next ? lengths[code] : length(lengths, previous) + 1;
            decoded += length;
            if (decoded > expected) {
                throw FlawException.unreadable("A strip or tile holds more than its rows.");
            }
            if (previous >= 0 && next < 4096) {
                lengths[next++] = length(lengths, previous) + 1;
            }
            previous = code;
            if (next >= (1 << codeBits) - 1 && codeBits < 12) {
                codeBits++;
            }
        }
        // Some writers leave the end-of-information code out.
        return decoded;
    }

    private static int length(int[] lengths, int code) {
        return code < 256 ? 1 : lengths[code];
    }

    private static int code(ByteBuffer piece, long bit, int bits) {
        int at = (int) (bit / 8);
        int window = 0;
        for (int k = 0; k < 3; k++) {
            window = window << 8 | (at + k < piece.limit() ? piece.get(at + k) & 0xFF : 0);
        }
        return window >> (24 - bits - (int) (bit % 8)) & (1 << bits) - 1;
    }

    /** A JPEG strip or tile, whose tables may stand in a tag of their own. */
    private void checkJpeg(ByteBuffer piece) throws FlawException {
        if (entry(JPEG_TABLES) < 0) {
            JpegPixelData.check(piece);
            return;
        }
        ByteBuffer tables = tables();
        // The tables without their end, the strip without its beginning: one stream.
        ByteBuffer whole = ByteBuffer.allocate(tables.limit() - 2 + piece.limit() - 2);
        whole.put(tables.slice(0, tables.limit() - 2));
        whole.put(piece.slice(2, piece.limit() - 2));
        JpegPixelData.check(whole.flip());
    }
}
