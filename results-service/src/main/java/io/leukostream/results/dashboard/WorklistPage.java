package io.leukostream.results.dashboard;

import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The patients, those to be looked at first on top, and the alerts that wait for somebody.
 *
 * @param empty whether nothing has ever been received
 * @param filters the states with how many patients each has
 * @param levels the levels of the triage to filter by
 * @param query what is searched for; empty where nothing is
 * @param state the state that is filtered by; empty where none is
 * @param level the level that is filtered by; empty where none is
 * @param rows the patients shown
 * @param next address of the next page; null on the last
 * @param alerts the open alerts that are due first
 * @param openAlerts how many are open, in figures
 * @param moreAlerts how many of them are not shown here
 */
public record WorklistPage(
        boolean empty,
        List<StateFilter> filters,
        List<Choice> levels,
        String query,
        String state,
        String level,
        List<PatientRow> rows,
        @Nullable String next,
        List<AlertCard> alerts,
        String openAlerts,
        int moreAlerts)
        implements TemplateInstance {

    /** Takes copies of the lists. */
    public WorklistPage {
        filters = List.copyOf(filters);
        levels = List.copyOf(levels);
        rows = List.copyOf(rows);
        alerts = List.copyOf(alerts);
    }

    /**
     * A state to filter by.
     *
     * @param state the state; null for all of them
     * @param count patients that have it
     * @param href where its list is
     * @param selected whether it is the one shown
     */
    public record StateFilter(@Nullable StateWords state, int count, String href, boolean selected) {}

    /**
     * A patient.
     *
     * @param patientId code of the patient
     * @param specimenId its most severe specimen: fraction and images are those of it
     * @param otherSpecimens how many more it has
     * @param state the most severe among the specimens
     * @param triage that of the specimen to be looked at first; null where a version before did not rank
     * @param bar the fraction; null where no cell was counted
     * @param simulated whether that rests on the labels of a simulated reviewer
     * @param images how the images stand
     * @param updated when the verdict last changed
     * @param alert the open alert, in words; null where there is none
     */
    public record PatientRow(
            String patientId,
            String specimenId,
            int otherSpecimens,
            StateWords state,
            @Nullable TriageLine triage,
            @Nullable IntervalBar bar,
            boolean simulated,
            ImageTally images,
            Moment updated,
            @Nullable AlertCard alert) {}
}
