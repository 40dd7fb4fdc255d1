package io.leukostream.ingest.domain;

import java.time.Instant;
import java.util.List;

/** What came of erasing a patient. */
public sealed interface Erasure {
    /**
     * No code of the patient leads to an identifier any more.
     *
     * @param codes all that the patient had
     * @param specimens how many specimens were forgotten with them
     * @param filesCleaned whether the database's own files hold no trace of the rows either; where not, the next start
     *     of the service tries again
     */
    record Done(List<PatientId> codes, int specimens, Instant erasedAt, boolean filesCleaned) implements Erasure {
        public Done {
            codes = List.copyOf(codes);
        }
    }

    /** Nothing was changed. */
    record Refused(Problem problem) implements Erasure {}
}
