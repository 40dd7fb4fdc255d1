package io.leukostream.results.dashboard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one specimen, as the patient's and the specimen's page show it.
 *
 * @param specimenId code of the specimen
 * @param patientId code of its patient
 * @param material what it is of, in words
 * @param kind what its images show, in words
 * @param state its state
 * @param triage who is to be looked at first; null where a version before did not rank
 * @param bar the fraction; null where no cell was counted
 * @param reasons why this state
 * @param images how its images stand
 * @param counted cells that enter the fraction
 * @param calledBlast those among them that the model called blast
 * @param gated cells that a gate refused
 * @param reviewed cells that carry a reviewer's label
 * @param reviewers who labelled
 * @param evidence hash of all that the verdict rests on
 */
public record SpecimenPanel(
        String specimenId,
        String patientId,
        String material,
        String kind,
        StateWords state,
        @Nullable TriageLine triage,
        @Nullable IntervalBar bar,
        List<String> reasons,
        ImageTally images,
        int counted,
        int calledBlast,
        int gated,
        int reviewed,
        List<Reviewer> reviewers,
        @Nullable EvidenceHash evidence) {

    /** Takes copies of the lists. */
    public SpecimenPanel {
        reasons = List.copyOf(reasons);
        reviewers = List.copyOf(reviewers);
    }

    /** Whether a label of a simulated reviewer is among the evidence. */
    public boolean simulatedLabels() {
        return reviewers.stream().anyMatch(Reviewer::simulated);
    }

    /** The type of a specimen in words. */
    static String materialOf(String specimenType) {
        return switch (specimenType) {
            case "BONE_MARROW" -> "Bone marrow";
            case "PERIPHERAL_BLOOD" -> "Peripheral blood";
            default -> specimenType;
        };
    }

    /** The kind of its images in words. */
    static String kindOf(String kind) {
        return switch (kind) {
            case "CELL" -> "one cell per image";
            case "FIELD" -> "fields of view";
            default -> kind;
        };
    }
}
