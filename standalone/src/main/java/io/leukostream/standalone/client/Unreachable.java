package io.leukostream.standalone.client;

/** A service does not answer; the message is one sentence for the user. */
public final class Unreachable extends Exception {
    /** With the sentence. */
    public Unreachable(String message) {
        super(message);
    }

    /** With the sentence and what lies behind it. */
    public Unreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
