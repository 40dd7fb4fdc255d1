package io.leukostream.ingest.domain;

import org.jspecify.annotations.Nullable;

/**
 * Something that an acceptance rests on (event log, registry, vault) is away. Not an outcome of the image: the sender
 * is told to come again.
 */
public class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;

    /**
     * What is away.
     *
     * @param message holds no submitted identifier: it is logged
     * @param cause null where the cause's own message may quote an identifier
     */
    public UnavailableException(ProblemCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The code that the sender gets. */
    public ProblemCode code() {
        return code;
    }
}
