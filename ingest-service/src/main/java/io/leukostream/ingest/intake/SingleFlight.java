package io.leukostream.ingest.intake;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Lets of those who want the same thing at the same time one do it and the others share its result, or its failure.
 * It spares work within this process; what several instances do at once must be harmless without it.
 */
final class SingleFlight<K, V> {
    /**
     * What the call gave.
     *
     * @param shared whether another caller did the work
     */
    record Result<V>(V value, boolean shared) {}

    private final ConcurrentHashMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    Result<V> run(K key, Supplier<V> work) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> theirs = flights.putIfAbsent(key, mine);
        if (theirs != null) {
            return new Result<>(join(theirs), true);
        }
        try {
            V value = work.get();
            mine.complete(value);
            return new Result<>(value, false);
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            flights.remove(key, mine);
        }
    }

    private static <V> V join(CompletableFuture<V> flight) {
        try {
            return flight.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
