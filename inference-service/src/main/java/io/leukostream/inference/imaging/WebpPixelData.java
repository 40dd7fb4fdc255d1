package io.leukostream.inference.imaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** WebP (RFC 9649): its container, as far as the picture goes. */
final class WebpPixelData {
    private static final int RIFF_HEADER = 8;
    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int LOSSY = 0x20385056;
    private static final int LOSSLESS = 0x4C385056;

    private WebpPixelData() {}

    /**
     * A copy of the file that ends where its picture does. For coded data that ends early libwebp goes on reading what lies
     * behind, be it metadata or another file; so the same picture would be another one once the metadata is gone.
     *
     * @param file whole, from position to limit
     * @return the file as it is, where it holds no picture
     */
    static ByteBuffer upToThePicture(ByteBuffer file) {
        ByteBuffer bytes = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        long end = Math.min(bytes.limit(), RIFF_HEADER + (bytes.getInt(4) & 0xFFFFFFFFL));
        for (long at = FIRST_CHUNK; at + CHUNK_HEADER <= end; ) {
            long length = bytes.getInt((int) at + 4) & 0xFFFFFFFFL;
            long next = at + CHUNK_HEADER + length + (length & 1);
            int type = bytes.getInt((int) at);
            if ((type == LOSSY || type == LOSSLESS) && next <= bytes.limit()) {
                ByteBuffer copy = ByteBuffer.allocate((int) next).order(ByteOrder.LITTLE_ENDIAN);
                copy.put(bytes.slice(0, (int) next)).flip();
                return copy.putInt(4, (int) next - RIFF_HEADER);
            }
            at = next;
        }
        return bytes;
    }
}
