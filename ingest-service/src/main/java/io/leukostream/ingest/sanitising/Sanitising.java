package io.leukostream.ingest.sanitising;

import io.leukostream.ingest.domain.Problem;
import java.nio.ByteBuffer;

/** What came of taking the metadata out of an image file. */
public sealed interface Sanitising {
    /**
     * The file holds nothing but what decoding needs.
     *
     * @param bytes read-only; the very bytes that were given where nothing had to be removed
     * @param rewritten whether something was removed
     */
    record Clean(ByteBuffer bytes, boolean rewritten) implements Sanitising {
        public Clean {
            bytes = bytes.asReadOnlyBuffer();
        }
    }

    /** The file cannot be rewritten safely, so it must not be published. */
    record Refused(Problem problem) implements Sanitising {}
}
