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
 * @param overdue that images have been pending too long; null where none has
 * @param tables by scanner and by day
 */
public record AccountingPage(
        ImageTally total,
        List<SpecimenRow> specimens,
        @Nullable Pending oldestPending,
        List<Unknown> unknown,
        @Nullable OverdueBanner overdue,
        List<Table> tables)
        implements TemplateInstance {

    /** Days that are shown; the JSON has all. */
    static final int DAYS = 31;

    /** Takes copies of the lists. */
    public AccountingPage {
        specimens = List.copyOf(specimens);
        unknown = List.copyOf(unknown);
        tables = List.copyOf(tables);
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
     * The images by something.
     *
     * @param id unique on the page
     * @param what by what, in words
     * @param column the heading of the first column
     * @param older rows that are not shown
     */
    public record Table(String id, String what, String column, List<Row> rows, int older) {
        /** Takes a copy of the list. */
        public Table {
            rows = List.copyOf(rows);
        }
    }

    /**
     * The images of one scanner or day.
     *
     * @param name the site's alias or the day
     * @param reasons why images were rejected
     * @param waiting for how long the oldest pending image has waited; null where none waits
     */
    public record Row(
            String name,
            ImageTally images,
            List<Reason> reasons,
            @Nullable String waiting) {
        /** Takes a copy of the list. */
        public Row {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * A reason for rejections.
     *
     * @param told whether the page of all codes tells it
     */
    public record Reason(String code, int images, boolean told) {}

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
