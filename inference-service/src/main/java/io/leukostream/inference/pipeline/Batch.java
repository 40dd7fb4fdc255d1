package io.leukostream.inference.pipeline;

import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/** Deliveries that are worked on together and whose outcomes are published together. */
final class Batch {
    private final Priority priority;
    private final List<Delivery> deliveries;
    private final AtomicReferenceArray<Outcome> outcomes;
    private final AtomicInteger pending;
    private final CompletableFuture<List<Outcome>> result = new CompletableFuture<>();

    Batch(Priority priority, List<Delivery> deliveries) {
        this.priority = priority;
        this.deliveries = List.copyOf(deliveries);
        this.outcomes = new AtomicReferenceArray<>(deliveries.size());
        this.pending = new AtomicInteger(deliveries.size());
    }

    Priority priority() {
        return priority;
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    /** Completes with one outcome for each delivery, in their order, or fails as a whole. */
    CompletableFuture<List<Outcome>> result() {
        return result;
    }

    /** Whether it failed or was given up, so that further work on it is in vain. */
    boolean isOver() {
        return result.isDone();
    }

    void finish(int index, Outcome outcome) {
        outcomes.set(index, outcome);
        if (pending.decrementAndGet() == 0) {
            result.complete(IntStream.range(0, deliveries.size())
                    .mapToObj(outcomes::get)
                    .toList());
        }
    }

    void fail(Throwable cause) {
        result.completeExceptionally(cause);
    }
}
