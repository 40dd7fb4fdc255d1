package io.leukostream.inference.domain;

/** A record that was delivered and not yet looked into, so that the looking is done by the worker. */
public interface Delivery {
    /** Where it lies. */
    Source source();

    /** The lane that it came by. */
    Priority priority();

    /**
     * Reads the record. May be called again.
     *
     * @throws InfrastructureException if what is needed to read it is away
     */
    Opened open();

    /** The rejection of this record, named as well as its key allows, when nothing in it can be trusted. */
    Outcome.Rejected rejected(RejectionReason reason, String detail);

    /** What was in the record. */
    sealed interface Opened {
        /** An image. */
        record Image(ReceivedImage image) implements Opened {}

        /** Nothing that could be used. */
        record Unusable(Outcome.Rejected rejected) implements Opened {}
    }
}
