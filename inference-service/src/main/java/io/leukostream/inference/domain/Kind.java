package io.leukostream.inference.domain;

/** What each image of a specimen shows. */
public enum Kind {
    /** One cell that the scanner cut out. */
    CELL,
    /** A field of view with any number of cells. */
    FIELD
}
