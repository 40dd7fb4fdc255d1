package io.leukostream.results.dashboard;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * That images have been pending too long.
 *
 * @param images how many
 * @param after how long an image may be pending, in words
 */
public record OverdueBanner(int images, String after) {
    /** The banner; null where no image is overdue. */
    static @Nullable OverdueBanner of(int images, long afterSeconds) {
        return images == 0
                ? null
                : new OverdueBanner(
                        images,
                        afterSeconds < 60 ? afterSeconds + " s" : Moment.span(Duration.ofSeconds(afterSeconds)));
    }
}
