package io.leukostream.results.rest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The review of a specimen: how far the draws are, how the interval shrank, who reads, where two readers differ, and every
 * label that was given or taken back.
 *
 * @param threshold the fraction that the decision refers to, 0..1
 * @param avoidBelow the fraction below which the diagnosis is to be avoided, 0..1
 * @param level of the verdict's decision, such as 0.95
 * @param frame the newest frame that covers every cell; null where one must be opened
 * @param outgrown whether a frame was opened and cells were found since
 * @param course the interval after each label of the sequence
 * @param readers who has labels on drawn cells of the frame, the primary reader first
 * @param doubleReadings the primary reader against each other one
 * @param history what was labelled and taken back, newest first
 */
public record ReviewJson(
        String specimenId,
        double threshold,
        double avoidBelow,
        double level,
        SpecimenJson.@Nullable Frame frame,
        boolean outgrown,
        List<Step> course,
        List<Reader> readers,
        List<TwoReaders> doubleReadings,
        List<Event> history) {
    public ReviewJson {
        course = List.copyOf(course);
        readers = List.copyOf(readers);
        doubleReadings = List.copyOf(doubleReadings);
        history = List.copyOf(history);
    }

    /**
     * After one more label.
     *
     * @param labelled labels so far, BLAST or NOT_BLAST
     * @param blasts BLAST among them
     * @param lower lower end of the interval, 0..1
     * @param upper its upper end
     */
    public record Step(int labelled, int blasts, double lower, double upper) {}

    /**
     * A reader of the frame.
     *
     * @param labels labels on drawn cells that stand
     * @param primary whether these labels count
     */
    public record Reader(String name, int labels, boolean primary) {}

    /**
     * Two readers.
     *
     * @param cells cells that both labelled
     * @param agreed those with the same label
     * @param kappa Cohen's kappa, −1..1; null where it is undefined
     */
    public record TwoReaders(
            String primary,
            String second,
            int cells,
            int agreed,
            @Nullable Double kappa,
            List<Disagreement> disagreements) {
        public TwoReaders {
            disagreements = List.copyOf(disagreements);
        }
    }

    /**
     * A cell on which two readers differ.
     *
     * @param primary the primary reader's label
     * @param second the other one's
     */
    public record Disagreement(String cellId, String cropUrl, String primary, String second) {}

    /**
     * A label, or its withdrawal.
     *
     * @param event CELL_LABELLED or LABEL_WITHDRAWN
     * @param drawn whether the cell was drawn at random
     * @param oldLabel the reviewer's label before; null where there was none
     * @param newLabel null where it was taken back
     */
    public record Event(
            String eventId,
            String event,
            String cellId,
            boolean drawn,
            @Nullable String oldLabel,
            @Nullable String newLabel,
            String reviewer,
            Instant at) {}
}
