package io.leukostream.results.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alert as it stands.
 *
 * @param state RAISED, NOTIFIED, ACKNOWLEDGED, ESCALATED, SUPERSEDED or CLOSED
 * @param verdictState the verdict that it is about; what a person reads back
 * @param escalated whether the time to acknowledge passed before anybody did
 */
public record AlertJson(
        String alertId,
        String patientId,
        String state,
        String verdictState,
        String evidenceHash,
        Instant raisedAt,
        Instant dueAt,
        boolean escalated,
        @Nullable String acknowledgedBy,
        @Nullable Instant acknowledgedAt,
        @Nullable String reason,
        Instant updatedAt) {}
