package io.leukostream.results.rest;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where every image is.
 *
 * @param unknownSpecimens specimens with images that nobody registered; their images wait
 * @param specimens one line each, by id
 */
public record AccountingJson(Totals totals, int unknownSpecimens, List<Line> specimens) {
    public AccountingJson {
        specimens = List.copyOf(specimens);
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
}
