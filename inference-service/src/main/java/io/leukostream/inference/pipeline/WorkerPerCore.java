package io.leukostream.inference.pipeline;

import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.Delivery;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import io.leukostream.inference.pipeline.Inspector.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The layout for a CPU: one worker per core, each of which decodes and infers its own few images with one thread and a
 * session of its own. Nothing is handed from thread to thread, which is what makes it the fastest there.
 */
public final class WorkerPerCore implements Workbench {
    private final Inspector inspector;
    private final Supplier<CellClassifier> classifiers;
    private final int workers;
    private final int imagesAtOnce;
    private final StatFirstQueue<Share> queue = new StatFirstQueue<>();
    private final Crew crew;

    /** Images first..end−1 of a batch, for one worker. */
    private record Share(Batch batch, int first, int end) {}

    /**
     * Starts the workers.
     *
     * @param classifiers called by each worker for itself
     * @param imagesAtOnce the most images that a worker takes at once
     */
    public WorkerPerCore(Inspector inspector, Supplier<CellClassifier> classifiers, int workers, int imagesAtOnce) {
        this.inspector = inspector;
        this.classifiers = classifiers;
        this.workers = workers;
        this.imagesAtOnce = imagesAtOnce;
        this.crew = Crew.start("worker", workers, this::work);
    }

    @Override
    public CompletableFuture<List<Outcome>> start(Priority priority, List<Delivery> deliveries) {
        Batch batch = new Batch(priority, deliveries);
        int images = deliveries.size();
        int share = Math.clamp((images + workers - 1) / workers, 1, imagesAtOnce);
        for (int first = 0; first < images; first += share) {
            queue.put(priority, new Share(batch, first, Math.min(images, first + share)));
        }
        return batch.result();
    }

    @Override
    public boolean isAlive() {
        return crew.isAlive();
    }

    @Override
    public void close() {
        crew.close();
    }

    private void work() throws InterruptedException {
        try (OwnClassifier classifier = new OwnClassifier(classifiers)) {
            while (true) {
                work(queue.take(), classifier);
            }
        }
    }

    private void work(Share share, OwnClassifier classifier) {
        Batch batch = share.batch();
        List<Waiting> waiting = new ArrayList<>(share.end() - share.first());
        try {
            for (int index = share.first(); index < share.end() && !batch.isOver(); index++) {
                switch (inspector.inspect(batch.deliveries().get(index))) {
                    case Inspected.Ended(Outcome.Rejected outcome) -> batch.finish(index, outcome);
                    case Inspected.Prepared image -> waiting.add(new Waiting(batch, index, image));
                }
            }
        } catch (RuntimeException e) {
            batch.fail(e);
        } catch (Error e) {
            batch.fail(e);
            throw e;
        }
        if (!batch.isOver()) {
            classifier.classify(inspector, waiting);
        }
    }
}
