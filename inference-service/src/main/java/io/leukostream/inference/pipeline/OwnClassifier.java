package io.leukostream.inference.pipeline;

import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.InfrastructureException;
import io.leukostream.inference.pipeline.Inspector.Waiting;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A thread's classifier, opened by it, and anew after one that failed. */
final class OwnClassifier implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(OwnClassifier.class);

    private final Supplier<CellClassifier> factory;
    private @Nullable CellClassifier classifier;

    OwnClassifier(Supplier<CellClassifier> factory) {
        this.factory = factory;
    }

    /** Classifies, or fails the images' batches if the network could not be run. */
    void classify(Inspector inspector, List<Waiting> images) {
        if (images.isEmpty()) {
            return;
        }
        try {
            inspector.classify(images, open());
        } catch (RuntimeException e) {
            close();
            images.forEach(waiting -> waiting.batch().fail(e));
        } catch (Error e) {
            images.forEach(waiting -> waiting.batch().fail(e));
            throw e;
        }
    }

    /** The classifier. */
    CellClassifier open() {
        CellClassifier current = classifier;
        if (current == null) {
            current = factory.get();
            classifier = current;
        }
        return current;
    }

    @Override
    public void close() {
        CellClassifier current = classifier;
        classifier = null;
        if (current != null) {
            try {
                current.close();
            } catch (InfrastructureException e) {
                LOG.warn("A session that failed could not be closed", e);
            }
        }
    }
}
