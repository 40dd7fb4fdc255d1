package io.leukostream.results.domain;

/** What a person says a cell is. */
public enum ReviewLabel {
    BLAST,
    NOT_BLAST,
    /** A smudge, a platelet clump, two cells in one box: it leaves the denominator. */
    NOT_A_CELL
}
