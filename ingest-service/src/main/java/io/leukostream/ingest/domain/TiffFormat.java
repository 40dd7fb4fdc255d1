package io.leukostream.ingest.domain;

import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;

/**
 * TIFF 6.0 (classic, of one full picture, which comes first): a directory of tags somewhere in the file, which names the
 * strips or tiles by offset and length. They must be as many as the picture needs and hold its rows: removing the metadata
 * keeps what they name and blanks the rest.
 */
final class TiffFormat implements FileFormat {
    private static final int ENTRY_BYTES = 12;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int IMAGE_WIDTH = 256;
    private static final int IMAGE_LENGTH = 257;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_LENGTH = 323;
    /** A side of a tile that is larger than its image; writers use up to 1,024. */
    private static final long LARGEST_TILE_SIDE_PX = 1024;

    private static final int MOST_PAGES = 1_000;
    private static final int NEW_SUBFILE_TYPE = 254;
    private static final int SUBFILE_TYPE = 255;
    private static final int REDUCED = 1;
    private static final int MASK = 4;
    /** Of the older tag. */
    private static final int REDUCED_PICTURE = 2;

    private static final int BITS_PER_SAMPLE = 258;
    private static final int COMPRESSION = 259;
    private static final long NONE = 1;
    /** None, LZW, JPEG, Deflate by both numbers, PackBits. */
    private static final Set<Long> COMPRESSIONS = Set.of(NONE, 5L, 7L, 8L, 32_946L, 32_773L);

    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int PLANAR_CONFIGURATION = 284;
    private static final int STRIP_OFFSETS = 273;
    private static final int STRIP_BYTE_COUNTS = 279;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;

    /** Values of one tag, in the file. */
    private record Values(FileBytes file, ByteOrder order, int type, long count, long at) {
        long get(long index) throws DefectException {
            return type == SHORT ? file.u16(at + 2 * index, order) : file.u32(at + 4 * index, order);
        }
    }

    @Override
    public MediaType mediaType() {
        return MediaType.TIFF;
    }

    @Override
    public boolean recognises(FileBytes file) {
        return file.has(0, 'I', 'I', 42, 0) || file.has(0, 'M', 'M', 0, 42);
    }

    @Override
    public PixelSize size(FileBytes file) throws DefectException {
        return PixelSize.of(
                values(file, IMAGE_WIDTH).get(0), values(file, IMAGE_LENGTH).get(0));
    }

    @Override
    public void requireWhole(FileBytes file) throws DefectException {
        requireEachTagOnce(file);
        requireOnePicture(file);
        long bits = number(file, BITS_PER_SAMPLE, 1);
        if (bits > 8) {
            throw DefectException.pixelFormat("The file has " + bits + " bits a channel; 8 are read.");
        }
        PixelSize size = size(file);
        boolean tiled = entry(file, TILE_OFFSETS) >= 0;
        if (tiled) {
            requireTile(file, size);
        }
        long pieceWidth = tiled ? number(file, TILE_WIDTH, 0) : size.width();
        long pieceHeight = tiled
                ? number(file, TILE_LENGTH, 0)
                : Math.min(number(file, ROWS_PER_STRIP, size.height()), size.height());
        if (pieceWidth < 1 || pieceHeight < 1) {
            throw DefectException.unreadable("A strip or tile has no width or no height.");
        }
        long samples = number(file, SAMPLES_PER_PIXEL, 1);
        boolean planar = number(file, PLANAR_CONFIGURATION, 1) == 2;
        long down = (size.height() + pieceHeight - 1) / pieceHeight;
        long expected = (size.width() + pieceWidth - 1) / pieceWidth * down * (planar ? samples : 1);
        Values offsets = values(file, tiled ? TILE_OFFSETS : STRIP_OFFSETS);
        Values lengths = values(file, tiled ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS);
        if (offsets.count() != expected || lengths.count() != expected) {
            throw DefectException.unreadable("The directory names " + offsets.count() + " strips or tiles and "
                    + lengths.count() + " lengths; the picture needs " + expected + ".");
        }
        long compression = number(file, COMPRESSION, NONE);
        if (!COMPRESSIONS.contains(compression)) {
            throw DefectException.pixelFormat("The compression " + compression + " is not read.");
        }
        boolean uncompressed = compression == NONE;
        long rowBytes = (pieceWidth * bits * (planar ? 1 : samples) + 7) / 8;
        for (long k = 0; k < expected; k++) {
            long length = lengths.get(k);
            // What a directory does not name is not known to be pixels, and would be blanked as metadata.
            if (offsets.get(k) == 0 || length == 0) {
                throw DefectException.unreadable("A strip or tile has no place or no length.");
            }
            file.require(offsets.get(k) + length, "A strip or tile");
            long rows = tiled ? pieceHeight : Math.min(pieceHeight, size.height() - k % down * pieceHeight);
            if (uncompressed && length < rows * rowBytes) {
                throw DefectException.truncated("A strip or tile ends before its rows do.");
            }
        }
    }

    /** Of a tag that is there twice one reader takes the first, another the last. */
    private static void requireEachTagOnce(FileBytes file) throws DefectException {
        ByteOrder order = order(file);
        long directory = file.u32(4, order);
        Set<Integer> seen = new HashSet<>();
        for (int k = 0; k < file.u16(directory, order); k++) {
            if (!seen.add(file.u16(directory + 2 + (long) k * ENTRY_BYTES, order))) {
                throw DefectException.unreadable("The directory names a tag twice.");
            }
        }
    }

    /** A reduced picture in front of the full one, or several full ones: nobody knows which was meant. */
    private static void requireOnePicture(FileBytes file) throws DefectException {
        ByteOrder order = order(file);
        long directory = file.u32(4, order);
        if (isReduced(file, directory)) {
            throw DefectException.ambiguous("The first page is a reduced picture of another.");
        }
        Set<Long> seen = new HashSet<>(Set.of(directory));
        long next = next(file, directory);
        while (next != 0) {
            if (!seen.add(next) || seen.size() > MOST_PAGES) {
                throw DefectException.unreadable("The chain of pages does not end.");
            }
            boolean hasPixels = entry(file, next, STRIP_OFFSETS) >= 0 || entry(file, next, TILE_OFFSETS) >= 0;
            if (hasPixels && !isReduced(file, next) && (number(file, next, NEW_SUBFILE_TYPE, 0) & MASK) == 0) {
                throw DefectException.ambiguous("The file holds several full pictures.");
            }
            next = next(file, next);
        }
    }

    private static boolean isReduced(FileBytes file, long directory) throws DefectException {
        return (number(file, directory, NEW_SUBFILE_TYPE, 0) & REDUCED) != 0
                || number(file, directory, SUBFILE_TYPE, 0) == REDUCED_PICTURE;
    }

    private static long next(FileBytes file, long directory) throws DefectException {
        ByteOrder order = order(file);
        return file.u32(directory + 2 + (long) file.u16(directory, order) * ENTRY_BYTES, order);
    }

    /** The first value of a tag of the first page, or what it means where the page has none. */
    private static long number(FileBytes file, int tag, long otherwise) throws DefectException {
        return number(file, file.u32(4, order(file)), tag, otherwise);
    }

    private static long number(FileBytes file, long directory, int tag, long otherwise) throws DefectException {
        return entry(file, directory, tag) < 0
                ? otherwise
                : values(file, directory, tag).get(0);
    }

    /** A decoder makes room for a whole tile, however small the image is. */
    private static void requireTile(FileBytes file, PixelSize image) throws DefectException {
        long width = values(file, TILE_WIDTH).get(0);
        long height = values(file, TILE_LENGTH).get(0);
        if (width > largestSide(image.width()) || height > largestSide(image.height())) {
            throw DefectException.unreadable(
                    "A tile of " + width + " × " + height + " pixels is far larger than the image.");
        }
    }

    /** Sides of tiles are multiples of 16. */
    private static long largestSide(long imagePx) {
        return Math.max(LARGEST_TILE_SIDE_PX, (imagePx + 15) / 16 * 16);
    }

    private static ByteOrder order(FileBytes file) {
        return file.has(0, 'I') ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    private static long entry(FileBytes file, int tag) throws DefectException {
        return entry(file, file.u32(4, order(file)), tag);
    }

    /** Position of the tag's entry in a directory, or -1. */
    private static long entry(FileBytes file, long directory, int tag) throws DefectException {
        ByteOrder order = order(file);
        int entries = file.u16(directory, order);
        file.require(directory + 2 + (long) entries * ENTRY_BYTES, "The directory");
        for (int k = 0; k < entries; k++) {
            long at = directory + 2 + (long) k * ENTRY_BYTES;
            if (file.u16(at, order) == tag) {
                return at;
            }
        }
        return -1;
    }

    private static Values values(FileBytes file, int tag) throws DefectException {
        return values(file, file.u32(4, order(file)), tag);
    }

    private static Values values(FileBytes file, long directory, int tag) throws DefectException {
        ByteOrder order = order(file);
        long entry = entry(file, directory, tag);
        if (entry < 0) {
            throw DefectException.unreadable("The directory has no tag " + tag + ".");
        }
        int type = file.u16(entry + 2, order);
        long count = file.u32(entry + 4, order);
        if ((type != SHORT && type != LONG) || count < 1) {
            throw DefectException.unreadable("Tag " + tag + " has no readable value.");
        }
        long bytes = count * (type == SHORT ? 2 : 4);
        long at = bytes <= 4 ? entry + 8 : file.u32(entry + 8, order);
        file.require(at + bytes, "The values of tag " + tag);
        return new Values(file, order, type, count, at);
    }
}
