package io.leukostream.inference.pipeline;

import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where deliveries become outcomes, laid on the hardware in one way or another. STAT is worked on first. */
public interface Workbench extends AutoCloseable {
    /**
     * Starts work on some deliveries and returns at once.
     *
     * @param deliveries at least one
     * @return one outcome for each, in their order; fails with {@link
     *     io.leukostream.inference.domain.InfrastructureException} where they should be delivered again
     */
    CompletableFuture<List<Outcome>> start(Priority priority, List<Delivery> deliveries);

    /** Whether all threads live. */
    boolean isAlive();

    /** Gives up what is being worked on and ends the threads. */
    @Override
    void close();
}
