package io.leukostream.results.topology;

import io.leukostream.results.domain.ImageOutcome;
import io.leukostream.results.domain.ScannerDay;
import io.leukostream.results.domain.ScannerFigures;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sums of each scanner, day and specimen. An image counts once, by the outcome that counts: another one takes
 * its place.
 */
final class ScannerKeeper implements Processor<String, SpecimenChange, Void, Void> {
    private static final Logger LOG = Logger.getLogger(ScannerKeeper.class);

    private KeyValueStore<String, ScannerDay> days;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    ScannerKeeper() {}

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.days = context.getStateStore(Stores.SCANNER_DAYS);
    }

    @Override
    public void process(Record<String, SpecimenChange> record) {
        if (record.value() instanceof SpecimenChange.ImageChanged(var before, var after)
                && !Objects.equals(before.outcome(), after.outcome())) {
            remove(record.key(), before.outcome());
            add(record.key(), after.outcome());
        }
    }

    private void add(String specimenId, @Nullable ImageOutcome outcome) {
        if (outcome == null || outcome.origin() == null) {
            return;
        }
        var origin = outcome.origin();
        String key = key(specimenId, origin);
        ScannerDay stored = days.get(key);
        ScannerFigures figures = ScannerFigures.of(outcome);
        days.put(
                key,
                new ScannerDay(
                        origin.scanner(),
                        origin.day(),
                        specimenId,
                        stored == null ? figures : stored.figures().plus(figures)));
    }

    private void remove(String specimenId, @Nullable ImageOutcome outcome) {
        if (outcome == null || outcome.origin() == null) {
            return;
        }
        var origin = outcome.origin();
        String key = key(specimenId, origin);
        ScannerDay stored = days.get(key);
        ScannerFigures figures = ScannerFigures.of(outcome);
        if (stored == null || !stored.figures().hold(figures)) {
            // Counted by a version that kept no such sums, or not at all.
            LOG.warnf("An image that is replaced was not among its scanner's, day %s", origin.day());
            return;
        }
        ScannerFigures rest = stored.figures().minus(figures);
        days.put(
                key,
                rest.equals(ScannerFigures.NONE)
                        ? null
                        : new ScannerDay(origin.scanner(), origin.day(), specimenId, rest));
    }

    private static String key(String specimenId, ImageOutcome.Origin origin) {
        String scanner = origin.scanner();
        // The alias is free text and comes last; none at all is told apart from an empty one.
        return origin.day() + "|" + specimenId + "|" + (scanner == null ? "" : "=" + scanner);
    }
}
