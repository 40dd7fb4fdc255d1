package io.leukostream.results.csv;

import io.leukostream.results.rest.CellJson;

/** The cells of a specimen as a table; coordinates and sizes in px of the stored image, the area in µm². */
final class CellTable {
    static final Table TABLE = new Table(
            "cell",
            "image",
            "x_px",
            "y_px",
            "width_px",
            "height_px",
            "area_um2",
            "label",
            "blast_probability",
            "cell_type",
            "gate",
            "doubtful",
            "review_label",
            "reviewer");

    private CellTable() {}

    static Table.Row row(CellJson cell) {
        return Table.Row.of(
                cell.cellId(),
                cell.imageId(),
                cell.box().x(),
                cell.box().y(),
                cell.box().width(),
                cell.box().height(),
                cell.areaMicrometres2(),
                cell.label(),
                cell.blastProbability(),
                cell.cellType(),
                cell.gate(),
                cell.doubtful(),
                cell.reviewLabel(),
                cell.reviewer());
    }
}
