package io.leukostream.ingest.rest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The encodings of RFC 2045, 6. RFC 7578 deprecates them in forms, and libraries that were made for mail write them all the
 * same: read as if they were not there, they make another patient of the same name.
 */
final class TransferEncoding {
    private static final Pattern LINE_ENDS = Pattern.compile("[\r\n\t ]+");

    private TransferEncoding() {}

    /**
     * What was encoded; empty where the encoding is not known or not kept to.
     *
     * @param encoding in lower case
     */
    static Optional<ByteBuffer> decoded(String encoding, ByteBuffer content) {
        return switch (encoding) {
            case "", "7bit", "8bit", "binary" -> Optional.of(content);
            case "base64" -> base64(content);
            case "quoted-printable" -> quotedPrintable(content);
            default -> Optional.empty();
        };
    }

    private static Optional<ByteBuffer> base64(ByteBuffer content) {
        byte[] encoded = new byte[content.remaining()];
        content.duplicate().get(encoded);
        try {
            // The decoder for MIME passes over what is no base64, and so makes another text of one that was not
            // encoded.
            String oneLine = LINE_ENDS
                    .matcher(new String(encoded, StandardCharsets.ISO_8859_1))
                    .replaceAll("");
            return Optional.of(ByteBuffer.wrap(Base64.getDecoder().decode(oneLine)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<ByteBuffer> quotedPrintable(ByteBuffer content) {
        ByteBuffer from = content.duplicate();
        ByteBuffer decoded = ByteBuffer.allocate(from.remaining());
        while (from.hasRemaining()) {
            byte next = from.get();
            if (next != '=') {
                decoded.put(next);
                continue;
            }
            if (from.remaining() < 2) {
                return Optional.empty();
            }
            byte high = from.get();
            byte low = from.get();
            if (high == '\r' && low == '\n') {
                // A soft end of line.
                continue;
            }
            int value = 16 * Character.digit(high, 16) + Character.digit(low, 16);
            if (Character.digit(high, 16) < 0 || Character.digit(low, 16) < 0) {
                return Optional.empty();
            }
            decoded.put((byte) value);
        }
        return Optional.of(decoded.flip());
    }
}
