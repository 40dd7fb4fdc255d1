package io.leukostream.inference.messaging;

import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Priority;
import java.util.List;

/** Is told what the lanes did. Called by the lanes' threads; must be quick and must not throw. */
public interface LaneObserver {
    /** A transaction with these outcomes was committed. */
    void published(Priority lane, List<Outcome> outcomes, long nanos);

    /** So many images wait in the partitions of this instance. */
    void lag(Priority lane, long images);

    /** The lane broke off and starts anew; what was in progress is delivered again. */
    void brokeOff(Priority lane);
}
