package io.leukostream.results.notification;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a channel does, as this instance saw it since it started.
 *
 * @param failuresInARow attempts that failed since the last one that did not
 * @param failures all attempts that failed
 * @param waiting steps that are still to be delivered
 * @param lastDeliveredAt when it last delivered; null where it did not yet
 * @param lastFailure why the last attempt failed; null where it did not
 */
public record ChannelHealth(
        String name,
        Channel.Kind kind,
        int failuresInARow,
        long failures,
        int waiting,
        @Nullable Instant lastDeliveredAt,
        @Nullable String lastFailure) {
    /** As many failures in a row make a channel dead. */
    static final int DEAD_AFTER = 3;

    static ChannelHealth of(Channel channel) {
        return new ChannelHealth(channel.name(), channel.kind(), 0, 0, 0, null, null);
    }

    /** Whether it can be relied on. */
    public boolean up() {
        return failuresInARow < DEAD_AFTER;
    }

    ChannelHealth delivered(Instant at) {
        return new ChannelHealth(name, kind, 0, failures, waiting, at, null);
    }

    ChannelHealth failed(String detail) {
        return new ChannelHealth(name, kind, failuresInARow + 1, failures + 1, waiting, lastDeliveredAt, detail);
    }

    ChannelHealth waiting(int steps) {
        return new ChannelHealth(name, kind, failuresInARow, failures, steps, lastDeliveredAt, lastFailure);
    }
}
