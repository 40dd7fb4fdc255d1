package io.leukostream.results.dashboard;

import io.leukostream.results.rest.SystemJson;
import io.quarkus.qute.TemplateInstance;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the pipeline does just now.
 *
 * @param topology state of this instance's topology
 * @param running whether that is the one in which everything can be asked
 * @param lanes what waits in front of inference
 * @param lanesKnown whether the broker told it
 * @param unattended whether images wait that no worker takes
 * @param pending images without outcome
 * @param oldest since when the oldest waits; null where there is none
 * @param lastMinute outcomes of the last full minute
 * @param bars the outcomes of the last hour, a bar a minute
 * @param most the highest bar, outcomes a minute
 * @param delays how long images took
 * @param models the bundles at work
 * @param scanners scanners that call for attention
 * @param toReassess specimens that are still to be looked through after the start
 * @param overdue that images have been pending too long; null where none has
 */
public record SystemPage(
        String topology,
        boolean running,
        List<Lane> lanes,
        boolean lanesKnown,
        boolean unattended,
        int pending,
        @Nullable String oldest,
        int lastMinute,
        List<Bar> bars,
        int most,
        List<Delay> delays,
        List<Model> models,
        int scanners,
        long toReassess,
        @Nullable OverdueBanner overdue)
        implements TemplateInstance {

    /** Takes copies of the lists. */
    public SystemPage {
        lanes = List.copyOf(lanes);
        bars = List.copyOf(bars);
        delays = List.copyOf(delays);
        models = List.copyOf(models);
    }

    /** A lane by its name in words. */
    public record Lane(String name, long waiting, int workers) {}

    /**
     * The outcomes of a minute, drawn 100 units high.
     *
     * @param x left end
     * @param classifiedY upper end of the classified ones
     * @param classified height of the classified ones
     * @param rejectedY upper end of the rejected ones, which stand on them
     * @param rejected height of the rejected ones
     * @param title the minute in words
     */
    public record Bar(int x, String classifiedY, String classified, String rejectedY, String rejected, String title) {}

    /** How long images of a lane took, in seconds. */
    public record Delay(String lane, int images, String median, String p95) {}

    /** A bundle. */
    public record Model(String label, long images, Moment last) {}

    static SystemPage of(SystemJson system, ZoneId zone, Instant now) {
        List<SystemJson.Minute> minutes = system.minutes();
        int most = Math.max(
                1,
                minutes.stream()
                        .mapToInt(each -> each.classified() + each.rejected())
                        .max()
                        .orElse(1));
        List<Bar> bars = new ArrayList<>();
        for (SystemJson.Minute minute : minutes) {
            double classified = 100.0 * minute.classified() / most;
            double rejected = 100.0 * minute.rejected() / most;
            bars.add(new Bar(
                    bars.size() * 10,
                    units(100 - classified),
                    units(classified),
                    units(100 - classified - rejected),
                    units(rejected),
                    Moment.of(minute.from(), zone).shown() + ": " + minute.classified() + " classified, "
                            + minute.rejected() + " rejected"));
        }
        SystemJson.Minute full = minutes.size() < 2 ? null : minutes.get(minutes.size() - 2);
        Instant oldest = system.oldestPendingAt();
        List<SystemJson.Lane> lanes = system.lanes();
        return new SystemPage(
                system.topology(),
                system.topology().equals("RUNNING"),
                lanes == null
                        ? List.of()
                        : lanes.stream()
                                .map(lane -> new Lane(laneWords(lane.lane()), lane.waiting(), lane.workers()))
                                .toList(),
                lanes != null,
                lanes != null && lanes.stream().anyMatch(lane -> lane.waiting() > 0 && lane.workers() == 0),
                system.pending(),
                oldest == null ? null : Moment.span(Duration.between(oldest, now)),
                full == null ? 0 : full.classified() + full.rejected(),
                bars,
                most,
                system.delays().stream()
                        .map(delay -> new Delay(
                                laneWords(delay.lane()),
                                delay.images(),
                                seconds(delay.medianMillis()),
                                seconds(delay.p95Millis())))
                        .toList(),
                system.models().stream()
                        .map(model -> new Model(model.model(), model.images(), Moment.of(model.lastAt(), zone)))
                        .toList(),
                system.scannersCallingForAttention(),
                system.specimensToReassess(),
                OverdueBanner.of(system.overdue(), system.overdueAfterSeconds()));
    }

    private static String laneWords(String lane) {
        return lane.equals("STAT") ? "STAT" : "Routine";
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }

    private static String units(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
