package io.leukostream.simulator;

import java.util.List;

/**
 * What is in one image file.
 *
 * @param file path within the ward's folder, with forward slashes
 * @param patient the invented patient's identifier, as a site would submit it
 * @param specimen the specimen's identifier
 * @param pixelSizeMicrometres edge of a pixel in the specimen plane, µm
 * @param cells the white cells, in the order in which they were drawn
 */
public record ImageTruth(
        String file,
        String patient,
        String specimen,
        SpecimenType specimenType,
        ImageKind kind,
        double pixelSizeMicrometres,
        List<CellTruth> cells) {
    public ImageTruth {
        if (!(pixelSizeMicrometres > 0)) {
            throw new IllegalArgumentException("the pixel size must be positive, not " + pixelSizeMicrometres);
        }
        cells = List.copyOf(cells);
        if (kind == ImageKind.CELL && cells.size() != 1) {
            throw new IllegalArgumentException(file + ": a CELL image shows one cell, not " + cells.size());
        }
    }
}
