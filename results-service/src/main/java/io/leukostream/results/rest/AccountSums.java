package io.leukostream.results.rest;

import io.leukostream.results.domain.ImageAccount;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sums of accounts that are told in one line. */
final class AccountSums {
    private final Map<String, Integer> rejectedByReason = new TreeMap<>();
    private int received;
    private int classified;
    private int rejected;
    private @Nullable Instant oldestPendingAt;

    void add(ImageAccount account, @Nullable Instant oldest) {
        received += account.received();
        classified += account.classified();
        rejected += account.rejected();
        account.rejectedByReason().forEach((reason, images) -> rejectedByReason.merge(reason, images, Integer::sum));
        if (oldest != null && (oldestPendingAt == null || oldest.isBefore(oldestPendingAt))) {
            oldestPendingAt = oldest;
        }
    }

    int received() {
        return received;
    }

    int classified() {
        return classified;
    }

    int rejected() {
        return rejected;
    }

    Map<String, Integer> rejectedByReason() {
        return rejectedByReason;
    }

    int pending() {
        return received - classified - rejected;
    }

    @Nullable
    Instant oldestPendingAt() {
        return oldestPendingAt;
    }
}
