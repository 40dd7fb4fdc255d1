package io.leukostream.results.domain;

import java.time.Duration;

/**
 * When an image has been pending too long.
 *
 * @param after how long it may be pending
 */
public record OverdueRule(Duration after) {
    public OverdueRule {
        if (!after.isPositive()) {
            throw new IllegalArgumentException("an image may be pending for a while, not for " + after);
        }
    }
}
