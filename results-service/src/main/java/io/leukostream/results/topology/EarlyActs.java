package io.leukostream.results.topology;

import java.util.ArrayList;
import java.util.List;

/**
 * What people did about an alert that is not raised here yet, in the order of the log. It comes to that only where the log
 * is read from its beginning: people's acts are at hand at once, while the verdicts are still being computed.
 */
record EarlyActs(List<PatientInput> acts) {
    /** Whoever writes to the topic can name any alert; no more than this is kept of one. */
    private static final int MOST = 20;

    static final EarlyActs NONE = new EarlyActs(List.of());

    EarlyActs {
        acts = List.copyOf(acts);
    }

    EarlyActs with(PatientInput act) {
        if (acts.size() == MOST) {
            return this;
        }
        List<PatientInput> all = new ArrayList<>(acts);
        all.add(act);
        return new EarlyActs(all);
    }
}
