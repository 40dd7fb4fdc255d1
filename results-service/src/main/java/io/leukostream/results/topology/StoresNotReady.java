package io.leukostream.results.topology;

/** The stores cannot be asked now: the topology is starting, moving or dead. Asking again helps. */
public final class StoresNotReady extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says what cannot be asked, for the log. */
    public StoresNotReady(String message) {
        super(message);
    }

    /** Says what cannot be asked, and why, for the log. */
    public StoresNotReady(String message, Throwable cause) {
        super(message, cause);
    }
}
