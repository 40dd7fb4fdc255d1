package io.leukostream.ingest.domain;

import java.nio.ByteOrder;

/**
 * TIFF 6.0 (classic; of several pages the first, which is the one that is decoded): a directory of tags somewhere in
 * the file, which names the strips or tiles by offset and length.
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
        boolean tiled = entry(file, TILE_OFFSETS) >= 0;
        if (tiled) {
            requireTile(file, size(file));
        }
        Values offsets = values(file, tiled ? TILE_OFFSETS : STRIP_OFFSETS);
        Values lengths = values(file, tiled ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS);
        if (offsets.count() != lengths.count()) {
            throw DefectException.unreadable(
                    "The directory names " + offsets.count() + " strips or tiles but " + lengths.count() + " lengths.");
        }
        for (long k = 0; k < offsets.count(); k++) {
            file.require(offsets.get(k) + lengths.get(k), "A strip or tile");
        }
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

    /** Position of the tag's entry in the first directory, or -1. */
    private static long entry(FileBytes file, int tag) throws DefectException {
        ByteOrder order = order(file);
        long directory = file.u32(4, order);
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
        ByteOrder order = order(file);
        long entry = entry(file, tag);
        if (entry < 0) {
            throw DefectException.unreadable("The first directory has no tag " + tag + ".");
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
