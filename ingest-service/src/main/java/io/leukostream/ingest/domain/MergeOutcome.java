package io.leukostream.ingest.domain;

import java.util.List;

/** What came of merging two patients, or of taking that back. */
public sealed interface MergeOutcome {
    /**
     * It is so, now or since an earlier call.
     *
     * @param from the code whose specimens moved with the merge
     * @param patientId the code that they have now
     * @param specimens all that moved
     * @param repeated whether it was so before
     */
    record Done(PatientId from, PatientId patientId, List<SpecimenId> specimens, boolean repeated)
            implements MergeOutcome {
        public Done {
            specimens = List.copyOf(specimens);
        }
    }

    /** Nothing was changed. */
    record Refused(Problem problem) implements MergeOutcome {}
}
