package io.leukostream.standalone.supervisor;

import java.time.Duration;
import java.util.Locale;

/** The five child processes, in the order in which they start; they stop in the opposite order. */
public enum Component {
    BROKER(12, Duration.ofSeconds(8)),
    REGISTRY(5, Duration.ofSeconds(6)),
    INGEST(1, Duration.ZERO),
    INFERENCE(2, Duration.ZERO),
    RESULTS(0, Duration.ZERO);

    private final int portOffset;
    private final Duration orphanDelay;

    Component(int portOffset, Duration orphanDelay) {
        this.portOffset = portOffset;
        this.orphanDelay = orphanDelay;
    }

    /** The name that people see. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The component's port. */
    public int port(int portBase) {
        return portBase + portOffset;
    }

    /** How long it outlives a supervisor that was killed, so that those that need it can end first. */
    Duration orphanDelay() {
        return orphanDelay;
    }
}
