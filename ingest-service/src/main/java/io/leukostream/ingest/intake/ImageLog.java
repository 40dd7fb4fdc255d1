package io.leukostream.ingest.intake;

import io.leukostream.ingest.domain.LogPosition;
import io.leukostream.ingest.domain.UnavailableException;

/** What the event log still holds. */
public interface ImageLog {
    /**
     * Whether a record that was written there has not expired.
     *
     * @throws UnavailableException if the broker does not answer
     */
    boolean holds(LogPosition position);
}
