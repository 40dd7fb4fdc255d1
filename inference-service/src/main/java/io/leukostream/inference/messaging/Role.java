package io.leukostream.inference.messaging;

import io.leukostream.schemas.InferenceGroup;
import io.leukostream.schemas.Topic;

/** What becomes of the outcomes of this process. */
public enum Role {
    /** They count: outcomes, evidence and rejections are published, and each image ends here. */
    SERVING,
    /**
     * They are for comparison: what the bundle calls is published beside the outcomes that count, and nothing else. A shadow
     * is a process of its own, so that a bundle on trial can take down nothing but itself.
     */
    SHADOW;

    /** Where what was classified goes. */
    Topic classifications() {
        return this == SERVING ? Topic.CELL_CLASSIFICATIONS : Topic.CELL_CLASSIFICATIONS_SHADOW;
    }

    /** What the names of groups, members and transactions begin with. */
    String prefix(String bundleSha256) {
        return this == SERVING ? InferenceGroup.serving() : InferenceGroup.shadow(bundleSha256);
    }
}
