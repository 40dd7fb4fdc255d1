package io.leukostream.ingest.domain;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A file's bytes, read at absolute positions; a read beyond the end is a defect of the file. */
public final class FileBytes {
    private final ByteBuffer bytes;

    /**
     * A view of the file.
     *
     * @param bytes from position to limit; left as they are
     */
    public FileBytes(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    /** Bytes in all. */
    public int length() {
        return bytes.limit();
    }

    /** Whether the file has just these bytes at the position. */
    public boolean has(int at, int... expected) {
        if (at + expected.length > length()) {
            return false;
        }
        for (int k = 0; k < expected.length; k++) {
            if (Byte.toUnsignedInt(bytes.get(at + k)) != expected[k]) {
                return false;
            }
        }
        return true;
    }

    /** Checks that the file has at least that many bytes. */
    public void require(long end, String what) throws DefectException {
        if (end > length()) {
            throw DefectException.truncated(
                    what + " ends at byte " + end + " but the file has only " + length() + " bytes.");
        }
    }

    /** One byte that is known to be there. */
    public int at(int position) {
        return Byte.toUnsignedInt(bytes.get(position));
    }

    /** One byte. */
    public int u8(long at) throws DefectException {
        require(at + 1, "The header");
        return at((int) at);
    }

    /** Two bytes, unsigned. */
    public int u16(long at, ByteOrder order) throws DefectException {
        require(at + 2, "The header");
        short value = bytes.getShort((int) at);
        return Short.toUnsignedInt(order == ByteOrder.BIG_ENDIAN ? value : Short.reverseBytes(value));
    }

    /** Four bytes, signed. */
    public int i32(long at, ByteOrder order) throws DefectException {
        require(at + 4, "The header");
        int value = bytes.getInt((int) at);
        return order == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    /** Four bytes, unsigned. */
    public long u32(long at, ByteOrder order) throws DefectException {
        return Integer.toUnsignedLong(i32(at, order));
    }

    /** A view of the bytes from one position to before another, which the file is known to have. */
    public ByteBuffer part(long from, long to) {
        return bytes.slice((int) from, (int) (to - from)).asReadOnlyBuffer();
    }

    /** Whether the bytes from one position to before another, which the file is known to have, are all zero. */
    public boolean isZero(long from, long to) {
        for (int at = (int) from; at < to; at++) {
            if (bytes.get(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
