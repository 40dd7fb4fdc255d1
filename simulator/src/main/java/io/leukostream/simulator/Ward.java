package io.leukostream.simulator;

import java.util.List;

/**
 * A plan of what to draw. It holds labels and seeds, no pixels, so a large ward costs nothing until it is drawn.
 *
 * @param seed what it was planned from
 * @param specimens one per patient
 */
public record Ward(long seed, List<Specimen> specimens) {
    public Ward {
        specimens = List.copyOf(specimens);
    }

    /**
     * One patient's specimen.
     *
     * @param lookSeed what its stain, light, focus and cell sizes are drawn from
     */
    public record Specimen(
            String patient,
            String specimen,
            SpecimenType specimenType,
            ImageKind kind,
            long lookSeed,
            List<Image> images) {
        public Specimen {
            images = List.copyOf(images);
        }

        /** The white cells of all images. */
        public long cellCount() {
            return images.stream().mapToLong(image -> image.cells().size()).sum();
        }

        /** Blasts over white cells, 0..1. */
        public double blastFraction() {
            long blasts = images.stream()
                    .flatMap(image -> image.cells().stream())
                    .filter(label -> label == CellLabel.BLAST)
                    .count();
            return blasts / (double) cellCount();
        }
    }

    /**
     * One image.
     *
     * @param fileName name within the specimen's folder
     * @param seed what its pixels are drawn from
     * @param cells the white cells that it shows
     */
    public record Image(String fileName, long seed, List<CellLabel> cells) {
        public Image {
            cells = List.copyOf(cells);
        }
    }
}
