package io.leukostream.inference.domain;

/** Why a cell that was found is not counted. */
public enum Gate {
    /** Its area lies outside what the model was trained on. */
    SIZE_OUT_OF_RANGE,
    /** It reaches the edge of a field, so that part of it may be missing. */
    TOUCHES_BORDER,
    /** Its nucleus has no clear rim: it has burst, or lies out of focus. */
    SMUDGE
}
