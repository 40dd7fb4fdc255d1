package io.leukostream.results.notification;

/** A way to tell somebody of an alert. Called by one thread, which it may block for its own time limit. */
public interface Channel {
    /** The site's name of it. */
    String name();

    /** What it is. */
    Kind kind();

    /**
     * Tells once; the caller tries again where it failed.
     *
     * @throws InterruptedException when this service is stopping; whether it was told is not known then
     */
    Result deliver(AlertMessage message) throws InterruptedException;

    /** What a channel is; as it stands on {@code alert.deliveries}. */
    enum Kind {
        WEBHOOK,
        E_MAIL
    }

    /** What came of an attempt. */
    sealed interface Result {
        /** The other side took it. */
        record Delivered() implements Result {}

        /**
         * It did not.
         *
         * @param detail why, without addresses and secrets
         */
        record Failed(String detail) implements Result {}
    }
}
