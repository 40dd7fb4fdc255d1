package io.leukostream.standalone.supervisor;

/** The system cannot be started; the message is one sentence for the user. */
public final class StartFailure extends Exception {
    /** With the sentence. */
    public StartFailure(String message) {
        super(message);
    }

    /** With the sentence and what lies behind it. */
    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
