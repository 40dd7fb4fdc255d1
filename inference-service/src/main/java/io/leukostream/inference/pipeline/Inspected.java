package io.leukostream.inference.pipeline;

import io.leukostream.inference.domain.ImageHead;
import io.leukostream.inference.domain.Outcome;
import io.leukostream.inference.domain.Preparation;

/** A delivery that was looked into. */
sealed interface Inspected {
    /** Its cells wait for the network. */
    record Prepared(ImageHead head, Preparation.Prepared image) implements Inspected {}

    /** It ended. */
    record Ended(Outcome.Rejected outcome) implements Inspected {}
}
