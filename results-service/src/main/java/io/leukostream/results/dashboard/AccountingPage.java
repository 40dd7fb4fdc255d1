package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where all images are.
 *
 * @param total all of them
 * @param specimens by specimen
 * @param oldestPending the image that has waited longest; null where none waits
 * @param unknown images whose specimen has not been registered
 */
public record AccountingPage(
        ImageTally total,
        List<SpecimenRow> specimens,
        @Nullable Pending oldestPending,
        List<Unknown> unknown) implements TemplateInstance {

    /** Takes copies of the lists. */
    public AccountingPage {
        specimens = List.copyOf(specimens);
        unknown = List.copyOf(unknown);
    }

    /**
     * The images of one specimen.
     *
     * @param specimenId code of the specimen
     * @param patientId code of its patient
     * @param images how they stand
     */
    public record SpecimenRow(String specimenId, String patientId, ImageTally images) {}

    /**
     * An image without outcome.
     *
     * @param imageId code of the image
     * @param received when it was received
     * @param waiting for how long it has waited
     */
    public record Pending(String imageId, Moment received, String waiting) {}

    /**
     * Images that wait for their specimen to be registered.
     *
     * @param specimenId the code they came with
     * @param images how many
     */
    public record Unknown(String specimenId, int images) {}
}
