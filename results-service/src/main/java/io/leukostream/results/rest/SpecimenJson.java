package io.leukostream.results.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A specimen in full: the fields of its part of the verdict, whose patient it is, and how far its review is.
 *
 * @param differential its counted cells by the type that the model gave them; shown only, it decides nothing
 * @param doubtful counted cells that a person should look at; shown only too
 * @param frame the newest frame of the review that covers every cell; null where none is open
 * @param modelVersions name/version of each bundle that called its cells
 */
public record SpecimenJson(
        String patientId,
        @JsonUnwrapped VerdictJson.Specimen verdict,
        List<String> modelVersions,
        List<TypeShare> differential,
        int doubtful,
        @Nullable Frame frame) {
    public SpecimenJson {
        modelVersions = List.copyOf(modelVersions);
        differential = List.copyOf(differential);
    }

    /**
     * The review of a frozen frame.
     *
     * @param cells cells in the frame
     * @param drawn the fully labelled prefix of the draw order, cells that are none included
     * @param labelled cells of the prefix that count (BLAST or NOT_BLAST)
     * @param blasts those of them labelled BLAST
     * @param primaryReader whose labels count; null before the first
     * @param lower lower end of the review's own interval, 0..1
     * @param upper its upper end
     * @param decided BLASTS_SUSPECTED or BLASTS_BELOW_THRESHOLD by the labels alone, or UNDECIDED
     */
    public record Frame(
            String frameId,
            int cells,
            int drawn,
            int labelled,
            int blasts,
            @Nullable String primaryReader,
            double lower,
            double upper,
            String decided) {}
}
