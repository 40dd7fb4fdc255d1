package io.leukostream.results.rest;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where every image is.
 *
 * @param unknownSpecimens specimens with images that nobody registered; their images wait
 * @param specimens one line each, by id
 * @param scanners one line each, by the site's alias, images without one last
 * @param days one line each, the newest first
 */
public record AccountingJson(
        Totals totals,
        int unknownSpecimens,
        List<Line> specimens,
        Overdue overdue,
        List<ScannerLine> scanners,
        List<DayLine> days) {
    public AccountingJson {
        specimens = List.copyOf(specimens);
        scanners = List.copyOf(scanners);
        days = List.copyOf(days);
    }

    /**
     * Sums over all specimens.
     *
     * @param unknownSpecimen images of specimens that nobody registered
     * @param oldestPendingAt when the longest pending image was received; null where none is pending
     */
    public record Totals(
            int received,
            int classified,
            int rejected,
            Map<String, Integer> rejectedByReason,
            int pending,
            int unknownSpecimen,
            @Nullable Instant oldestPendingAt,
            @Nullable String oldestPendingImageId) {}

    /**
     * Images that have been pending too long.
     *
     * @param afterSeconds how long an image may be pending
     * @param images how many have been pending longer
     */
    public record Overdue(long afterSeconds, int images) {}

    /**
     * One specimen.
     *
     * @param patientId null where the specimen is unknown
     * @param status REGISTERED or UNKNOWN_SPECIMEN
     */
    public record Line(
            String specimenId,
            @Nullable String patientId,
            String status,
            int received,
            int classified,
            int rejected,
            Map<String, Integer> rejectedByReason,
            int pending,
            @Nullable Instant oldestPendingAt) {}

    /**
     * The images of one scanner.
     *
     * @param scanner the site's alias; null for images that came without one
     */
    public record ScannerLine(
            @Nullable String scanner,
            int received,
            int classified,
            int rejected,
            Map<String, Integer> rejectedByReason,
            int pending,
            @Nullable Instant oldestPendingAt) {}

    /**
     * The images that were received on one day.
     *
     * @param day UTC
     */
    public record DayLine(
            LocalDate day,
            int received,
            int classified,
            int rejected,
            Map<String, Integer> rejectedByReason,
            int pending,
            @Nullable Instant oldestPendingAt) {}
}
