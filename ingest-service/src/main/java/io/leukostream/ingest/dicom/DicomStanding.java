package io.leukostream.ingest.dicom;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How the DICOM door is at the moment, for those who ask the service's health. */
public final class DicomStanding {
    /** What it does. */
    public enum State {
        /** No Orthanc is configured. */
        OFF,
        FOLLOWING,
        /** Another instance of ingest follows. */
        STANDING_BY,
        ORTHANC_AWAY,
        /** What the acceptance rests on is away, or the admission limit is reached. */
        WAITING
    }

    /**
     * How it is.
     *
     * @param lastPoll when Orthanc's changes were seen last; null for never
     * @param behind changes that were not dealt with then
     */
    public record Now(State state, @Nullable Instant lastPoll, long behind) {}

    private Now now = new Now(State.OFF, null, 0);

    /** How it is now. */
    public synchronized Now now() {
        return now;
    }

    /** Another state; when and how far it was seen stays. */
    synchronized void is(State state) {
        now = new Now(state, now.lastPoll(), now.behind());
    }

    /** Orthanc's changes were seen. */
    synchronized void polled(Instant when, long behind) {
        now = new Now(now.state(), when, behind);
    }
}
