package io.leukostream.ingest.sanitising;

import io.leukostream.ingest.domain.FileBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The parts of a file that stay, one after the other; adjacent ones are joined, so that a whole file is one part. */
final class KeptParts {
    private final FileBytes file;
    private final List<ByteBuffer> parts = new ArrayList<>();
    private long from;
    private long to;

    KeptParts(FileBytes file) {
        this.file = file;
    }

    /** Keeps the bytes from one position to before another. */
    void keep(long first, long end) {
        if (first != to) {
            flush();
            from = first;
        }
        to = end;
    }

    /** Puts bytes that are not the file's. */
    void put(byte[] bytes) {
        flush();
        parts.add(ByteBuffer.wrap(bytes));
        from = to = -1;
    }

    /** Keeps what follows the end if it is nothing but zeros, with which some writers fill up. */
    void keepZerosFrom(long end) {
        if (end < file.length() && file.isZero(end, file.length())) {
            keep(end, file.length());
        }
    }

    /** The file made of the parts. */
    ByteBuffer bytes() {
        flush();
        from = to = -1;
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (ByteBuffer part : parts) {
            bytes.put(part.duplicate());
        }
        return bytes.flip();
    }

    private void flush() {
        if (to > from) {
            parts.add(file.part(from, to));
        }
    }
}
