package io.leukostream.ingest.domain;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * An image that passed every check.
 *
 * @param attempt from 1; higher when the image is sent to inference again on purpose
 * @param contentSha256 of the bytes, lower-case hexadecimal
 * @param bytes the file without its metadata, from position to limit; read-only and never changed
 */
public record ReceivedImage(
        ImageId imageId,
        int attempt,
        Specimen specimen,
        ImageHeader header,
        String contentSha256,
        Submission submission,
        Instant receivedAt,
        ByteBuffer bytes) {
    public ReceivedImage {
        if (attempt < 1) {
            throw new IllegalArgumentException("an image's attempt is at least 1, not " + attempt);
        }
        bytes = bytes.asReadOnlyBuffer();
    }
}
