package io.leukostream.simulator;

/** What a drawn white cell is. */
public enum CellLabel {
    /** A lymphoblast: large, smooth chromatin, nucleoli. */
    BLAST,
    /** A normal lymphoid cell: smaller, clumped chromatin. */
    NOT_BLAST
}
