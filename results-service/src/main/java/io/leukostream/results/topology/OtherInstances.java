package io.leukostream.results.topology;

/** The way to the other instances. */
public interface OtherInstances {
    /**
     * Asks one of them, and waits.
     *
     * @param instance host and port, as it advertises itself
     * @return the entries as {@link StoreSerdes} frames them
     * @throws StoresNotReady if it cannot be reached, is starting, or does not hold what is asked for (any more)
     */
    byte[] ask(String instance, StoreQuestion question);
}
