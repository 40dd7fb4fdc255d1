package io.leukostream.inference.domain;

/** Something around the image failed (registry, GPU, memory): nothing is committed and it is delivered again. */
public final class InfrastructureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InfrastructureException(String message, Throwable cause) {
        super(message, cause);
    }

    public InfrastructureException(String message) {
        super(message);
    }
}
