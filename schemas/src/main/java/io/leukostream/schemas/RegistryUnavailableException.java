package io.leukostream.schemas;

/** The schema registry did not say what was asked. It says nothing of a record: whoever asked is to try again. */
public final class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** For this reason. */
    public RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
