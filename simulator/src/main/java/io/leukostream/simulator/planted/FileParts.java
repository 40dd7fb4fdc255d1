package io.leukostream.simulator.planted;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** What image files are put together from. */
public final class FileParts {
    private FileParts() {}

    /** Adds a chunk of PNG, with its checksum. */
    public static void chunk(ByteArrayOutputStream file, String type, byte[] content) {
        byte[] checked = join(type.getBytes(StandardCharsets.US_ASCII), content);
        CRC32 crc = new CRC32();
        crc.update(checked);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(checked);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** Adds a chunk of RIFF, such as WebP's, filled up to an even length. */
    public static void riff(ByteArrayOutputStream file, String type, byte[] content) {
        file.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(i32(content.length));
        file.writeBytes(content);
        if ((content.length & 1) != 0) {
            file.write(0);
        }
    }

    static byte[] i32(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** The bytes of both, one after the other. */
    public static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** The bytes from one index up to another. */
    public static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }
}
