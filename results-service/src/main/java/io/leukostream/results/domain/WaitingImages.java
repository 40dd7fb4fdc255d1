package io.leukostream.results.domain;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The images that were received and have no outcome.
 *
 * @param images how many
 * @param overdue how many of them have waited longer than they may
 * @param oldestAt when the one that has waited longest was received; null where none waits
 * @param oldestImageId its id; of several the first
 */
public record WaitingImages(
        int images,
        int overdue,
        @Nullable Instant oldestAt,
        @Nullable String oldestImageId) {
    /**
     * Of all that have no outcome.
     *
     * @param pending images without outcome, by id, with the time they were received
     * @param rule when an image is overdue
     */
    public static WaitingImages of(Map<String, Instant> pending, Instant now, OverdueRule rule) {
        Instant oldestAt = null;
        String oldestImageId = null;
        int overdue = 0;
        for (Map.Entry<String, Instant> image : pending.entrySet()) {
            Instant receivedAt = image.getValue();
            if (receivedAt.plus(rule.after()).isBefore(now)) {
                overdue++;
            }
            int older = oldestAt == null ? -1 : receivedAt.compareTo(oldestAt);
            if (older < 0
                    || (older == 0 && oldestImageId != null && image.getKey().compareTo(oldestImageId) < 0)) {
                oldestAt = receivedAt;
                oldestImageId = image.getKey();
            }
        }
        return new WaitingImages(pending.size(), overdue, oldestAt, oldestImageId);
    }
}
