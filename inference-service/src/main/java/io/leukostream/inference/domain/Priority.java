package io.leukostream.inference.domain;

/** Which lane an image came by. STAT goes first. */
public enum Priority {
    ROUTINE,
    STAT
}
