package io.leukostream.inference.imaging;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What an image file says of itself before anything is decoded. Reads headers and the chain of segments only, so its cost
 * does not depend on the pixels that a file claims.
 */
sealed interface ImageHeader {
    /**
     * More scans are a trap: a decoder goes over all pixels for each, so that a small file could keep it busy for an hour.
     * The limit is the one of libtiff for JPEG within TIFF; encoders write about ten.
     */
    int MOST_SCANS = 100;

    /** A side of a tile that is larger than its image; writers use up to 1,024. */
    int LARGEST_TILE_SIDE_PX = 1024;

    /** Among the notes of WebP's extended header. */
    int WEBP_ANIMATION = 0x02;

    /**
     * A file of a known format.
     *
     * @param widthPx ≥ 1
     * @param heightPx ≥ 1
     * @param complete false where the file visibly ends before its image does
     */
    record Sized(int widthPx, int heightPx, boolean complete) implements ImageHeader {
        /** Pixels that decoding would fill. */
        long pixels() {
            return (long) widthPx * heightPx;
        }
    }

    /** No BMP, PNG, JPEG, TIFF or WebP by its first bytes. */
    record Unsupported() implements ImageHeader {}

    /** A known format whose header ends too early. */
    record CutShort() implements ImageHeader {}

    /** A known format whose header makes no sense. */
    record Malformed(String why) implements ImageHeader {}

    /**
     * Reads the header.
     *
     * @param file from position to limit; left as it is
     */
    static ImageHeader read(ByteBuffer file) {
        ByteBuffer bytes = file.slice().order(ByteOrder.BIG_ENDIAN);
        try {
            if (startsWith(bytes, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
                return png(bytes);
            }
            if (startsWith(bytes, 0, 0xFF, 0xD8, 0xFF)) {
                return jpeg(bytes);
            }
            if (startsWith(bytes, 0, 'R', 'I', 'F', 'F') && startsWith(bytes, 8, 'W', 'E', 'B', 'P')) {
                return webp(bytes.order(ByteOrder.LITTLE_ENDIAN));
            }
            if (startsWith(bytes, 0, 'I', 'I', 42, 0)) {
                return tiff(bytes.order(ByteOrder.LITTLE_ENDIAN));
            }
            if (startsWith(bytes, 0, 'M', 'M', 0, 42)) {
                return tiff(bytes);
            }
            if (startsWith(bytes, 0, 'B', 'M')) {
                return bmp(bytes.order(ByteOrder.LITTLE_ENDIAN));
            }
            return new Unsupported();
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            return new CutShort();
        }
    }

    private static ImageHeader png(ByteBuffer bytes) {
        int width = bytes.getInt(16);
        int height = bytes.getInt(20);
        boolean complete = false;
        long chunk = 8;
        while (!complete && chunk + 12 <= bytes.limit()) {
            long length = bytes.getInt((int) chunk) & 0xFFFFFFFFL;
            boolean whole = chunk + 12 + length <= bytes.limit();
            complete = whole && startsWith(bytes, (int) chunk + 4, 'I', 'E', 'N', 'D');
            chunk += 12 + length;
        }
        return sized(width, height, complete);
    }

    private static ImageHeader jpeg(ByteBuffer bytes) {
        int at = 2;
        int width = 0;
        int height = 0;
        while (true) {
            while ((bytes.get(at) & 0xFF) != 0xFF) {
                at++;
            }
            while ((bytes.get(at) & 0xFF) == 0xFF) {
                at++;
            }
            int marker = bytes.get(at++) & 0xFF;
            boolean bare = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
            if (bare) {
                continue;
            }
            if (marker == 0xD9) {
                return new Malformed("it ends before its first scan");
            }
            int length = bytes.getShort(at) & 0xFFFF;
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame) {
                height = bytes.getShort(at + 3) & 0xFFFF;
                width = bytes.getShort(at + 5) & 0xFFFF;
            }
            at += length;
            if (marker == 0xDA) {
                return scanned(bytes, at, width, height);
            }
        }
    }

    /** Walks over the scans up to the end of the image. */
    private static ImageHeader scanned(ByteBuffer bytes, int firstScan, int width, int height) {
        int scans = 1;
        int at = firstScan;
        while (at + 2 <= bytes.limit()) {
            int marker = bytes.get(at + 1) & 0xFF;
            boolean coded = (bytes.get(at) & 0xFF) != 0xFF
                    || marker == 0
                    || marker == 0x01
                    || (marker >= 0xD0 && marker <= 0xD8)
                    || marker == 0xFF;
            if (coded) {
                at++;
                continue;
            }
            if (marker == 0xD9) {
                return sized(width, height, true);
            }
            if (marker == 0xDA && ++scans > MOST_SCANS) {
                return new Malformed("it has more than " + MOST_SCANS + " scans");
            }
            if (at + 4 > bytes.limit()) {
                break;
            }
            at += 2 + (bytes.getShort(at + 2) & 0xFFFF);
        }
        return sized(width, height, false);
    }

    private static ImageHeader webp(ByteBuffer bytes) {
        boolean complete = (bytes.getInt(4) & 0xFFFFFFFFL) + 8 <= bytes.limit();
        if (startsWith(bytes, 12, 'V', 'P', '8', ' ')) {
            return sized(bytes.getShort(26) & 0x3FFF, bytes.getShort(28) & 0x3FFF, complete);
        }
        if (startsWith(bytes, 12, 'V', 'P', '8', 'L')) {
            int bits = bytes.getInt(21);
            return sized((bits & 0x3FFF) + 1, ((bits >>> 14) & 0x3FFF) + 1, complete);
        }
        if (startsWith(bytes, 12, 'V', 'P', '8', 'X')) {
            if ((bytes.get(20) & WEBP_ANIMATION) != 0) {
                return new Malformed("it is an animation, not one picture");
            }
            return sized(1 + threeBytes(bytes, 24), 1 + threeBytes(bytes, 27), complete);
        }
        return new Malformed("it holds no WebP bitstream");
    }

    private static int threeBytes(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xFF) | ((bytes.get(at + 1) & 0xFF) << 8) | ((bytes.get(at + 2) & 0xFF) << 16);
    }

    private static ImageHeader bmp(ByteBuffer bytes) {
        long pixelsAt = bytes.getInt(10) & 0xFFFFFFFFL;
        int headerBytes = bytes.getInt(14);
        if (headerBytes == 12) {
            int width = bytes.getShort(18) & 0xFFFF;
            int height = bytes.getShort(20) & 0xFFFF;
            return sized(width, height, holds(bytes, pixelsAt, width, height, bytes.getShort(24)));
        }
        int width = bytes.getInt(18);
        int height = Math.abs(bytes.getInt(22));
        boolean runLength = bytes.getInt(30) == 1 || bytes.getInt(30) == 2;
        return sized(width, height, runLength || holds(bytes, pixelsAt, width, height, bytes.getShort(28)));
    }

    private static boolean holds(ByteBuffer bytes, long from, long width, long height, int bitsPerPixel) {
        long rowBytes = (width * bitsPerPixel + 31) / 32 * 4;
        return from + rowBytes * height <= bytes.limit();
    }

    private static ImageHeader tiff(ByteBuffer bytes) {
        int directory = offset(bytes, 4);
        int entries = bytes.getShort(directory) & 0xFFFF;
        int width = 0;
        int height = 0;
        long pieces = 0;
        int piecesAt = 0;
        int sizesAt = 0;
        long tileWidth = 0;
        long tileHeight = 0;
        int piecesType = 0;
        int sizesType = 0;
        for (int k = 0; k < entries; k++) {
            int entry = directory + 2 + 12 * k;
            int type = bytes.getShort(entry + 2) & 0xFFFF;
            long count = bytes.getInt(entry + 4) & 0xFFFFFFFFL;
            int value = count * (type == 3 ? 2 : 4) <= 4 ? entry + 8 : bytes.getInt(entry + 8);
            switch (bytes.getShort(entry) & 0xFFFF) {
                case 256 -> width = (int) number(bytes, type, value);
                case 257 -> height = (int) number(bytes, type, value);
                case 322 -> tileWidth = number(bytes, type, value);
                case 323 -> tileHeight = number(bytes, type, value);
                case 273, 324 -> {
                    pieces = count;
                    piecesAt = value;
                    piecesType = type;
                }
                case 279, 325 -> {
                    sizesAt = value;
                    sizesType = type;
                }
                default -> {
                    // says nothing about size or completeness
                }
            }
        }
        boolean complete = true;
        for (int k = 0; sizesAt > 0 && complete && k < pieces; k++) {
            long end = number(bytes, piecesType, piecesAt + k * (piecesType == 3 ? 2 : 4))
                    + number(bytes, sizesType, sizesAt + k * (sizesType == 3 ? 2 : 4));
            complete = end <= bytes.limit();
        }
        // A decoder makes room for a whole tile, however small the image is.
        return tileWidth > largestTileSide(width) || tileHeight > largestTileSide(height)
                ? new Malformed("a tile of " + tileWidth + " × " + tileHeight + " px is far larger than the image")
                : sized(width, height, complete);
    }

    /** Sides of tiles are multiples of 16. */
    private static long largestTileSide(int imagePx) {
        return Math.max(LARGEST_TILE_SIDE_PX, (imagePx + 15L) / 16 * 16);
    }

    private static int offset(ByteBuffer bytes, int at) {
        int offset = bytes.getInt(at);
        if (offset < 0) {
            throw new IndexOutOfBoundsException(offset);
        }
        return offset;
    }

    private static long number(ByteBuffer bytes, int type, int at) {
        return type == 3 ? bytes.getShort(at) & 0xFFFF : bytes.getInt(at) & 0xFFFFFFFFL;
    }

    private static ImageHeader sized(int width, int height, boolean complete) {
        return width < 1 || height < 1
                ? new Malformed("its header says " + width + " × " + height + " px")
                : new Sized(width, height, complete);
    }

    private static boolean startsWith(ByteBuffer bytes, int at, int... expected) {
        if (at + expected.length > bytes.limit()) {
            return false;
        }
        for (int k = 0; k < expected.length; k++) {
            if ((bytes.get(at + k) & 0xFF) != expected[k]) {
                return false;
            }
        }
        return true;
    }
}
