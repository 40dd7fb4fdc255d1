package io.leukostream.results.rest;

import org.jspecify.annotations.Nullable;

/** A person's acknowledgement of an alert, who reads back what it says. */
public record AcknowledgementRequest(
        @Nullable String acknowledgedBy, @Nullable ReadBack readBack) {
    /** The patient's code and the verdict's state, as read. */
    public record ReadBack(
            @Nullable String patientId, @Nullable String state) {}
}
