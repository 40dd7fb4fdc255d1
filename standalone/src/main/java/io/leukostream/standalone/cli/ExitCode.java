package io.leukostream.standalone.cli;

/** The exit statuses that scripts may rely on. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** The command failed, or the accounting found an image that is lost or doubled. */
    public static final int FAILED = 1;
    /** The command line was wrong. */
    public static final int USAGE = 2;
    /** Some images were refused; each was named. */
    public static final int SOME_REFUSED = 3;
    /** A service did not answer. */
    public static final int UNREACHABLE = 4;

    private ExitCode() {}
}
