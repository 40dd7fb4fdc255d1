package io.leukostream.results.dashboard;

import java.util.List;

/**
 * The state of a verdict as a person reads it. There is no state that gives an all-clear, and none of the words does.
 *
 * @param code the state as the contracts name it
 * @param words what the page says
 * @param tone the name of its colour and of its icon; both go with the words, never instead of them
 */
public record StateWords(String code, String words, String tone) {

    /** The states, the most severe first; the order of the worklist and of its filters. */
    static final List<String> BY_SEVERITY =
            List.of("BLASTS_SUSPECTED", "WITHHELD", "INDETERMINATE", "INSUFFICIENT_CELLS", "BLASTS_BELOW_THRESHOLD");

    /** The words for a state; a state that this page does not know is shown by its code. */
    static StateWords of(String state, double threshold) {
        return switch (state) {
            case "BLASTS_SUSPECTED" -> new StateWords(state, "Blasts suspected", "suspected");
            case "WITHHELD" -> new StateWords(state, "Verdict withheld", "withheld");
            case "INDETERMINATE" -> new StateWords(state, "Indeterminate", "indeterminate");
            case "INSUFFICIENT_CELLS" -> new StateWords(state, "Not enough cells", "insufficient");
            case "BLASTS_BELOW_THRESHOLD" ->
                new StateWords(state, "Blasts below the threshold of " + Percent.nearest(threshold), "below");
            default -> new StateWords(state, state, "insufficient");
        };
    }
}
