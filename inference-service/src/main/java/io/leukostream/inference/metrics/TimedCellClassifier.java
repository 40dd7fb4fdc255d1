package io.leukostream.inference.metrics;

import io.leukostream.inference.domain.CellClassifier;
import io.leukostream.inference.domain.PreparedCell;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;

/** Measures how long the network takes and how many cells it is given at once. */
public final class TimedCellClassifier implements CellClassifier {
    private final CellClassifier classifier;
    private final Timer timer;
    private final DistributionSummary cells;

    /** Measures that classifier and closes it. */
    public TimedCellClassifier(CellClassifier classifier, MeterRegistry meters) {
        this.classifier = classifier;
        this.timer = Timer.builder("leukostream.inference.infer")
                .description("One call of the network")
                .publishPercentileHistogram()
                .register(meters);
        this.cells = DistributionSummary.builder("leukostream.inference.batch.cells")
                .description("Cells of one call of the network")
                .register(meters);
    }

    @Override
    public int maxCells() {
        return classifier.maxCells();
    }

    @Override
    public float[] answers(List<PreparedCell> some) {
        cells.record(some.size());
        return timer.record(() -> classifier.answers(some));
    }

    @Override
    public void close() {
        classifier.close();
    }
}
