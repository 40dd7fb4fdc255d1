package io.leukostream.results.rest;

import io.leukostream.results.domain.WaitingImages;
import io.leukostream.results.pipeline.LaneBacklog;
import io.leukostream.results.pipeline.RecentOutcomes;
import io.leukostream.results.topology.StreamsRuntime;
import io.leukostream.results.topology.TopologyObserver;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What can be asked of the pipeline as a whole. */
@ApplicationScoped
public class SystemQueries {
    private static final Logger LOG = Logger.getLogger(SystemQueries.class);
    private static final int DRIFT_DAYS = 7;

    private final StreamsRuntime runtime;
    private final LaneBacklog backlog;
    private final RecentOutcomes outcomes;
    private final ResultsQueries queries;
    private final TopologyObserver observer;

    /** Asks these. */
    public SystemQueries(
            StreamsRuntime runtime,
            LaneBacklog backlog,
            RecentOutcomes outcomes,
            ResultsQueries queries,
            TopologyObserver observer) {
        this.runtime = runtime;
        this.backlog = backlog;
        this.outcomes = outcomes;
        this.queries = queries;
        this.observer = observer;
    }

    /** How the pipeline does just now. */
    public SystemJson system() throws InterruptedException {
        WaitingImages waiting = queries.waiting(Instant.now());
        return new SystemJson(
                runtime.state(),
                lanes(),
                waiting.images(),
                waiting.oldestAt(),
                outcomes.minutes().stream()
                        .map(minute -> new SystemJson.Minute(minute.from(), minute.classified(), minute.rejected()))
                        .toList(),
                outcomes.delays().stream()
                        .map(delay -> new SystemJson.Delay(
                                delay.lane().name(),
                                delay.images(),
                                delay.median().toMillis(),
                                delay.p95().toMillis()))
                        .toList(),
                outcomes.models().stream()
                        .map(model -> new SystemJson.Model(
                                model.label(), model.bundleSha256(), model.images(), model.lastAt()))
                        .toList(),
                scannersCallingForAttention(),
                waiting.overdue(),
                queries.overdueAfter().toSeconds(),
                observer.toReassess());
    }

    private @Nullable List<SystemJson.Lane> lanes() throws InterruptedException {
        try {
            return backlog.lanes().stream()
                    .map(lane -> new SystemJson.Lane(lane.lane().name(), lane.waiting(), lane.workers()))
                    .toList();
        } catch (LaneBacklog.Unknown e) {
            LOG.warnf("The lag of inference is not known now: %s", e.getCause());
            return null;
        }
    }

    private int scannersCallingForAttention() {
        return (int) queries.drift(LocalDate.now(ZoneOffset.UTC), DRIFT_DAYS).items().stream()
                .filter(DriftJson.Day::attention)
                .map(day -> Objects.requireNonNullElse(day.scanner(), ""))
                .distinct()
                .count();
    }
}
