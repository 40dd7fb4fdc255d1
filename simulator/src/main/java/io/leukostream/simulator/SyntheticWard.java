package io.leukostream.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Random;

/** Plans wards of invented patients. The same arguments give the same ward, down to the bytes of its files. */
public final class SyntheticWard {
    private static final int CELLS_PER_FIELD = 6;

    private SyntheticWard() {}

    /**
     * A ward of marrow specimens, one per patient.
     *
     * @param patients at least 1
     * @param blastFraction the fraction of blasts that every patient has, to the nearest cell; where empty, every
     *     second patient, the first among them, has leukaemia (60–95 % blasts) and the others have at most 3 %
     * @param cellsPerPatient white cells per patient, at least 1
     * @param kind one cell per image, or fields of up to six white cells
     */
    public static Ward plan(
            int patients, OptionalDouble blastFraction, int cellsPerPatient, ImageKind kind, long seed) {
        if (patients < 1 || cellsPerPatient < 1) {
            throw new IllegalArgumentException(
                    "a ward needs patients and cells, not " + patients + " with " + cellsPerPatient);
        }
        if (blastFraction.isPresent() && !(blastFraction.getAsDouble() >= 0 && blastFraction.getAsDouble() <= 1)) {
            throw new IllegalArgumentException("the blast fraction must lie in 0..1, not " + blastFraction);
        }
        Random random = new Random(seed);
        List<Ward.Specimen> specimens = new ArrayList<>();
        for (int n = 0; n < patients; n++) {
            double leukaemic = 0.6 + 0.35 * random.nextDouble();
            double healthy = 0.03 * random.nextDouble();
            double fraction = blastFraction.orElse(n % 2 == 0 ? leukaemic : healthy);
            String patient = String.format(Locale.ROOT, "simulated-%d-%03d", seed, n + 1);
            specimens.add(new Ward.Specimen(
                    patient,
                    patient + "-marrow",
                    SpecimenType.BONE_MARROW,
                    kind,
                    random.nextLong(),
                    images(labels(fraction, cellsPerPatient, random), kind, random)));
        }
        return new Ward(seed, specimens);
    }

    private static List<CellLabel> labels(double blastFraction, int cells, Random random) {
        long blasts = Math.round(blastFraction * cells);
        List<CellLabel> labels = new ArrayList<>();
        for (int k = 0; k < cells; k++) {
            labels.add(k < blasts ? CellLabel.BLAST : CellLabel.NOT_BLAST);
        }
        Collections.shuffle(labels, random);
        return labels;
    }

    private static List<Ward.Image> images(List<CellLabel> labels, ImageKind kind, Random random) {
        int perImage = kind == ImageKind.CELL ? 1 : CELLS_PER_FIELD;
        List<Ward.Image> images = new ArrayList<>();
        for (int k = 0; k < labels.size(); k += perImage) {
            List<CellLabel> shown = labels.subList(k, Math.min(k + perImage, labels.size()));
            String fileName =
                    String.format(Locale.ROOT, "%s-%04d.png", kind.name().toLowerCase(Locale.ROOT), images.size() + 1);
            images.add(new Ward.Image(fileName, random.nextLong(), shown));
        }
        return images;
    }
}
