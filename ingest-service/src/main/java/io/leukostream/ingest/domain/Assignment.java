package io.leukostream.ingest.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A specimen with how it came to its patient.
 *
 * @param formerPatients those that merges took it from, sorted, the one that it has now left out
 * @param assignedBy who moved it last; null where it was never moved
 */
public record Assignment(
        Specimen specimen,
        List<PatientId> formerPatients,
        @Nullable String assignedBy) {
    public Assignment {
        formerPatients = List.copyOf(formerPatients);
    }
}
