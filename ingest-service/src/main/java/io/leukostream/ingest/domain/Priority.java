package io.leukostream.ingest.domain;

/** The lane that an image takes to inference. */
public enum Priority {
    ROUTINE,
    STAT
}
