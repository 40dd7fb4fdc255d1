package io.leukostream.results.topology;

/** The stores cannot be asked now: the topology is starting, moving or dead. Asking again helps. */
public final class StoresNotReady extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoresNotReady(String message, Throwable cause) {
        super(message, cause);
    }
}
