package io.leukostream.results.rest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the pipeline does just now, for whoever is on call.
 *
 * @param topology state of the topology of this instance, such as RUNNING
 * @param lanes what waits in front of inference; null where the broker does not tell it now
 * @param pending images received and without outcome
 * @param oldestPendingAt when the oldest of them was received; null where there is none
 * @param minutes outcomes of the last hour by minute, as this instance saw them since it started
 * @param delays from receipt to outcome, by lane
 * @param models the bundles at work since this instance started
 * @param scannersCallingForAttention scanners whose newest day differs from their earlier ones
 * @param overdue images that have been pending longer than they may
 * @param overdueAfterSeconds how long that is
 * @param specimensToReassess about how many specimens of this instance are still to be looked through after its start, for
 *     an assessment by another policy
 */
public record SystemJson(
        String topology,
        @Nullable List<Lane> lanes,
        int pending,
        @Nullable Instant oldestPendingAt,
        List<Minute> minutes,
        List<Delay> delays,
        List<Model> models,
        int scannersCallingForAttention,
        int overdue,
        long overdueAfterSeconds,
        long specimensToReassess) {
    public SystemJson {
        lanes = lanes == null ? null : List.copyOf(lanes);
        minutes = List.copyOf(minutes);
        delays = List.copyOf(delays);
        models = List.copyOf(models);
    }

    /**
     * A lane of the image log.
     *
     * @param waiting images that no worker has finished yet
     * @param workers consumers that take them
     */
    public record Lane(String lane, long waiting, int workers) {}

    /** The outcomes of the minute that begins at {@code from}. */
    public record Minute(Instant from, int classified, int rejected) {}

    /** How long the last images of a lane took from receipt to outcome. */
    public record Delay(String lane, int images, long medianMillis, long p95Millis) {}

    /** A bundle at work. */
    public record Model(String model, String bundleSha256, long images, Instant lastAt) {}
}
