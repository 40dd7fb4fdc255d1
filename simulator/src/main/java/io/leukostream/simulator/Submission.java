package io.leukostream.simulator;

import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * One image file on its way to ingest.
 *
 * @param patient the site's identifier
 * @param specimen the site's identifier
 * @param pixelSizeMicrometres µm; empty where it is not stated
 * @param stat whether it goes before the others
 */
public record Submission(
        Path file,
        String patient,
        String specimen,
        SpecimenType specimenType,
        ImageKind kind,
        OptionalDouble pixelSizeMicrometres,
        boolean stat) {
    public Submission {
        if (patient.isBlank() || specimen.isBlank()) {
            throw new IllegalArgumentException(
                    "patient and specimen must be named, not \"" + patient + "\" and \"" + specimen + "\"");
        }
        if (pixelSizeMicrometres.isPresent() && !(pixelSizeMicrometres.getAsDouble() > 0)) {
            throw new IllegalArgumentException("the pixel size must be positive, not " + pixelSizeMicrometres);
        }
    }

    /** A drawn image as its scanner submits it. */
    public static Submission of(Path wardFolder, ImageTruth image) {
        return new Submission(
                wardFolder.resolve(image.file()),
                image.patient(),
                image.specimen(),
                image.specimenType(),
                image.kind(),
                OptionalDouble.of(image.pixelSizeMicrometres()),
                false);
    }
}
