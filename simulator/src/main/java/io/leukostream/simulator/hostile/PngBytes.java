package io.leukostream.simulator.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** PNG put together chunk by chunk, so that each can be wrong. */
final class PngBytes {
    static final int GREY = 0;
    static final int COLOUR = 2;
    static final int PALETTE = 3;
    static final int COLOUR_WITH_ALPHA = 6;
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    PngBytes() {
        file.writeBytes(SIGNATURE);
    }

    PngBytes header(int widthPx, int heightPx, int depth, int colourType) {
        return chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(widthPx)
                        .putInt(heightPx)
                        .put((byte) depth)
                        .put((byte) colourType)
                        .array());
    }

    PngBytes chunk(String type, byte[] content) {
        return chunk(type, content, 0);
    }

    /** @param damage what the checksum is changed by; 0 leaves it right */
    PngBytes chunk(String type, byte[] content, int damage) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(name);
        file.writeBytes(content);
        file.writeBytes(ByteBuffer.allocate(4)
                .putInt((int) checksum.getValue() ^ damage)
                .array());
        return this;
    }

    byte[] end() {
        return chunk("IEND", new byte[0]).file.toByteArray();
    }

    static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        deflater.setInput(content);
        deflater.finish();
        return drained(deflater);
    }

    /** That many zeros, which are never in memory at once. */
    static byte[] deflatedZeros(long count) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        byte[] zeros = new byte[1 << 16];
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (long left = count; left > 0; left -= zeros.length) {
            deflater.setInput(zeros, 0, (int) Math.min(left, zeros.length));
            while (!deflater.needsInput()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        deflater.finish();
        packed.writeBytes(drained(deflater));
        return packed.toByteArray();
    }

    private static byte[] drained(Deflater deflater) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
            packed.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return packed.toByteArray();
    }

    /** Where the parts of a file begin: each chunk, its type, its content and its checksum. */
    static List<Integer> boundaries(byte[] png) {
        List<Integer> boundaries = new ArrayList<>(List.of(0, 1, 4, 8));
        ByteBuffer bytes = ByteBuffer.wrap(png);
        for (int at = 8; at + 12 <= png.length; at += 12 + bytes.getInt(at)) {
            int end = at + 8 + bytes.getInt(at);
            boundaries.addAll(List.of(at, at + 4, at + 8, end, end + 3));
        }
        return boundaries.stream().filter(at -> at < png.length).toList();
    }

    /** The file with more chunks after its header. */
    static byte[] withAfterHeader(byte[] png, PngBytes more) {
        byte[] chunks = more.file.toByteArray();
        return Bytes.joined(
                Arrays.copyOf(png, 33),
                Arrays.copyOfRange(chunks, SIGNATURE.length, chunks.length),
                Arrays.copyOfRange(png, 33, png.length));
    }
}
