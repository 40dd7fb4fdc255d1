package io.leukostream.inference.domain;

import java.util.List;

/** A network in one thread's hands: created, used and closed by the same thread. */
public interface CellClassifier extends AutoCloseable {
    /** The most cells that one call takes. */
    int maxCells();

    /**
     * The network's answers about some cells: the columns of the first, then of the second, and so on.
     *
     * @param cells 1..{@link #maxCells()}
     * @throws InfrastructureException if the network could not be run; the classifier is of no further use then
     */
    float[] answers(List<PreparedCell> cells);

    @Override
    void close();
}
