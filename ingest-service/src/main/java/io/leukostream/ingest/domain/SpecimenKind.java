package io.leukostream.ingest.domain;

/** What each image of a specimen shows. */
public enum SpecimenKind {
    /** One cell that was cut out. */
    CELL,
    /** A field of view. */
    FIELD
}
