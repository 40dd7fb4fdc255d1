package io.leukostream.simulator.hostile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** TIFF put together tag by tag: little-endian, one directory, and whatever lies after it. */
final class TiffBytes {
    static final int WIDTH = 256;
    static final int LENGTH = 257;
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int STRIP_OFFSETS = 273;
    static final int SAMPLES = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTES = 279;
    static final int TILE_WIDTH = 322;
    static final int TILE_LENGTH = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTES = 325;
    static final int DEFLATE = 8;
    private static final int LONG = 4;

    private final List<int[]> entries = new ArrayList<>();

    /** Tags must come in their order. */
    TiffBytes tag(int tag, int value) {
        entries.add(new int[] {tag, value});
        return this;
    }

    /** Where what lies after the directory will begin. */
    int dataAt() {
        return 8 + 2 + 12 * entries.size() + 4;
    }

    byte[] with(int nextDirectory, byte[] data) {
        ByteBuffer file = ByteBuffer.allocate(dataAt() + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) entries.size());
        for (int[] entry : entries) {
            file.putShort((short) entry[0]).putShort((short) LONG).putInt(1).putInt(entry[1]);
        }
        return file.putInt(nextDirectory).put(data).array();
    }

    /**
     * One grey strip or tile, deflated.
     *
     * @param isTiled whether the part is a tile of that many pixels, whatever the image's size
     */
    static byte[] grey(int widthPx, int heightPx, boolean isTiled, int partWidthPx, int partHeightPx, byte[] packed) {
        TiffBytes tiff = new TiffBytes()
                .tag(WIDTH, widthPx)
                .tag(LENGTH, heightPx)
                .tag(BITS, 8)
                .tag(COMPRESSION, DEFLATE)
                .tag(PHOTOMETRIC, 1);
        if (isTiled) {
            // 322 to 325 follow 277.
            int dataAt = 8 + 2 + 12 * 10 + 4;
            return tiff.tag(SAMPLES, 1)
                    .tag(TILE_WIDTH, partWidthPx)
                    .tag(TILE_LENGTH, partHeightPx)
                    .tag(TILE_OFFSETS, dataAt)
                    .tag(TILE_BYTES, packed.length)
                    .with(0, packed);
        }
        int dataAt = 8 + 2 + 12 * 9 + 4;
        return tiff.tag(STRIP_OFFSETS, dataAt)
                .tag(SAMPLES, 1)
                .tag(ROWS_PER_STRIP, partHeightPx)
                .tag(STRIP_BYTES, packed.length)
                .with(0, packed);
    }

    /** Where the parts of a file begin: its header, its first directory and each entry of it. */
    static List<Integer> boundaries(byte[] tiff) {
        ByteBuffer file = ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        List<Integer> boundaries = new ArrayList<>(List.of(0, 1, 2, 4, 8));
        int directory = file.getInt(4);
        boundaries.add(directory);
        for (int k = 0; k < file.getShort(directory); k++) {
            boundaries.add(directory + 2 + 12 * k);
            boundaries.add(directory + 2 + 12 * k + 8);
        }
        return boundaries.stream().filter(at -> at < tiff.length).toList();
    }
}
