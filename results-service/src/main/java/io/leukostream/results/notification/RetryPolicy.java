package io.leukostream.results.notification;

import java.time.Duration;

/**
 * When a delivery that failed is tried again: pauses that double, each shortened at random by up to a half, so that
 * deliveries that failed together do not come back together ("equal jitter", AWS Architecture Blog, Exponential Backoff
 * And Jitter, 2015).
 *
 * @param first the pause after the first failure
 * @param most no pause is longer
 * @param attempts after so many it is given up
 */
public record RetryPolicy(Duration first, Duration most, int attempts) {
    private static final int LARGEST_SHIFT = 30;

    public RetryPolicy {
        if (!first.isPositive() || most.compareTo(first) < 0 || attempts < 1) {
            throw new IllegalArgumentException(
                    "no retries: first pause " + first + ", longest " + most + ", attempts " + attempts);
        }
    }

    /**
     * The pause after a failure.
     *
     * @param failed attempts that failed so far, from 1
     * @param random drawn evenly from 0..1
     */
    public Duration pause(int failed, double random) {
        long doubled = first.toMillis() << Math.min(failed - 1, LARGEST_SHIFT);
        long whole = doubled >> Math.min(failed - 1, LARGEST_SHIFT) == first.toMillis()
                ? Math.min(doubled, most.toMillis())
                : most.toMillis();
        return Duration.ofMillis(Math.round(whole * (1 - random / 2)));
    }
}
