package io.leukostream.inference.pipeline;

import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.pipeline.Inspector.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The layout for a GPU: a pool decodes, and one thread, to which the session belongs, infers the cells of several images
 * at once. A batch waits for more cells for a bounded time only, and never while STAT work is in it.
 */
public final class DecodePool implements Workbench {
    /** Decoded images that may wait for the network, per cell of a full batch. */
    private static final int DECODED_AHEAD = 2;

    private final Inspector inspector;
    private final Supplier<CellClassifier> classifiers;
    private final int maxCells;
    private final long maxWaitNanos;
    private final StatFirstQueue<Undecoded> undecoded = new StatFirstQueue<>();
    private final StatFirstQueue<Waiting> decoded = new StatFirstQueue<>();
    private final Semaphore roomForDecoded;
    private final Crew decoders;
    private final Crew inference;

    private record Undecoded(Batch batch, int index) {}

    /**
     * Starts the threads.
     *
     * @param classifiers called by the inference thread
     * @param maxCells the most cells that are gathered for one call
     * @param maxWait how long a call that is not full waits for more
     */
    public DecodePool(
            Inspector inspector,
            Supplier<CellClassifier> classifiers,
            int decodeThreads,
            int maxCells,
            Duration maxWait) {
        this.inspector = inspector;
        this.classifiers = classifiers;
        this.maxCells = maxCells;
        this.maxWaitNanos = maxWait.toNanos();
        this.roomForDecoded = new Semaphore(DECODED_AHEAD * maxCells);
        this.decoders = Crew.start("decode", decodeThreads, this::decode);
        this.inference = Crew.start("infer", 1, this::infer);
    }

    @Override
    public CompletableFuture<List<Outcome>> start(Priority priority, List<Delivery> deliveries) {
        Batch batch = new Batch(priority, deliveries);
        for (int index = 0; index < deliveries.size(); index++) {
            undecoded.put(priority, new Undecoded(batch, index));
        }
        return batch.result();
    }

    @Override
    public boolean isAlive() {
        return decoders.isAlive() && inference.isAlive();
    }

    @Override
    public void close() {
        decoders.close();
        inference.close();
    }

    private void decode() throws InterruptedException {
        while (true) {
            roomForDecoded.acquire();
            Undecoded next = undecoded.take();
            Batch batch = next.batch();
            boolean waits = false;
            try {
                if (!batch.isOver()) {
                    switch (inspector.inspect(batch.deliveries().get(next.index()))) {
                        case Inspected.Ended(Outcome.Rejected outcome) -> batch.finish(next.index(), outcome);
                        case Inspected.Prepared image -> {
                            decoded.put(batch.priority(), new Waiting(batch, next.index(), image));
                            waits = true;
                        }
                    }
                }
            } catch (RuntimeException e) {
                batch.fail(e);
            } catch (Error e) {
                batch.fail(e);
                throw e;
            } finally {
                if (!waits) {
                    roomForDecoded.release();
                }
            }
        }
    }

    private void infer() throws InterruptedException {
        try (OwnClassifier classifier = new OwnClassifier(classifiers)) {
            while (true) {
                List<Waiting> gathered = gather(decoded.take());
                roomForDecoded.release(gathered.size());
                gathered.removeIf(waiting -> waiting.batch().isOver());
                classifier.classify(inspector, gathered);
            }
        }
    }

    private List<Waiting> gather(Waiting first) throws InterruptedException {
        List<Waiting> gathered = new ArrayList<>();
        long deadline = System.nanoTime() + maxWaitNanos;
        int cells = 0;
        boolean urgent = false;
        @Nullable Waiting next = first;
        while (next != null) {
            gathered.add(next);
            cells += next.image().image().cells().size();
            urgent |= next.batch().priority() == Priority.STAT;
            long waitNanos = urgent ? 0 : deadline - System.nanoTime();
            next = cells >= maxCells ? null : decoded.poll(waitNanos);
        }
        return gathered;
    }
}
