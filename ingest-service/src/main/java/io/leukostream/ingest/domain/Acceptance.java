package io.leukostream.ingest.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That an image was accepted by a lane.
 *
 * @param attempt the highest that was published
 * @param receivedAt when that attempt was received
 * @param position where it lies in the event log, or lay; null in marks from before it was kept
 */
public record Acceptance(
        int attempt, Instant receivedAt, @Nullable LogPosition position) {}
