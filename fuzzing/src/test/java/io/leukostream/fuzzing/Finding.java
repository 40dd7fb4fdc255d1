package io.leukostream.fuzzing;

/** What a fuzzer found. */
public final class Finding extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Finding(String what) {
        super(what);
    }

    /** Ends the run with a finding where something does not hold. */
    public static void unless(boolean holds, String otherwise) {
        if (!holds) {
            throw new Finding(otherwise);
        }
    }
}
