package io.leukostream.results.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a channel to deliver one step of an alert.
 *
 * @param state the step, such as RAISED
 * @param channel the kind of channel: STREAM, WEBHOOK or E_MAIL
 * @param name the site's name of the channel; null for the live stream
 * @param eventId what the receiver got as its id, the same in every attempt; null for the live stream
 * @param attempt from 1
 * @param detail why it failed; null where it did not
 * @param nextAttemptAt when it is tried again; null where it is not
 */
public record DeliveryAttempt(
        String state,
        String channel,
        @Nullable String name,
        @Nullable String eventId,
        int attempt,
        boolean delivered,
        @Nullable String detail,
        @Nullable Instant nextAttemptAt,
        Instant at) {}
