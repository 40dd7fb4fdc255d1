package io.leukostream.simulator;

/** What one image of a specimen shows, as ingest names it. */
public enum ImageKind {
    /** One cell, cut out on black. */
    CELL,
    /** A field of view: white cells among red cells and platelets. */
    FIELD
}
