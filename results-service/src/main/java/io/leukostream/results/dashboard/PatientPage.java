package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one patient and what it rests on.
 *
 * @param patientId code of the patient
 * @param state the most severe among the specimens
 * @param summary the verdict in a sentence
 * @param simulated whether labels of a simulated reviewer are among the evidence
 * @param evidence hash of all that it rests on
 * @param modelVersion the model; null before the first outcome
 * @param updated when the verdict last changed
 * @param specimens the specimens, the most severe first
 * @param history the intervals over the specimens; null where there is nothing to compare
 * @param alerts the patient's alerts, the newest first
 * @param mergedInto the patient that all specimens were assigned to; null while this one has a specimen
 */
public record PatientPage(
        String patientId,
        StateWords state,
        String summary,
        boolean simulated,
        EvidenceHash evidence,
        @Nullable String modelVersion,
        Moment updated,
        List<SpecimenPanel> specimens,
        @Nullable HistoryPlot history,
        List<AlertCard> alerts,
        @Nullable String mergedInto)
        implements TemplateInstance {

    /** Takes copies of the lists. */
    public PatientPage {
        specimens = List.copyOf(specimens);
        alerts = List.copyOf(alerts);
    }

    /** The verdict in a sentence, which never says more than the interval does. */
    static String summary(StateWords state, @Nullable IntervalBar bar) {
        if (bar == null) {
            return switch (state.code()) {
                case "WITHHELD" -> "The evidence does not fit together; the reasons are given below.";
                default -> "No cell has been counted yet.";
            };
        }
        String interval = "Between " + Percent.atLeast(bar.lower()) + " and " + Percent.atMost(bar.upper()) + " "
                + bar.denominatorWords() + " are estimated to be blasts";
        return switch (state.code()) {
            case "BLASTS_SUSPECTED" -> interval + ": the whole interval lies above " + bar.thresholdFigure() + ".";
            case "BLASTS_BELOW_THRESHOLD" ->
                interval + ": the whole interval lies below " + bar.thresholdFigure()
                        + ". That does not exclude leukaemia.";
            case "INDETERMINATE" ->
                interval + ": the interval does not decide on which side of " + bar.thresholdFigure()
                        + " the fraction lies. A review of randomly drawn cells can.";
            case "WITHHELD" -> "The evidence does not fit together; the reasons are given below.";
            default -> "Too few cells have been counted for a verdict.";
        };
    }
}
