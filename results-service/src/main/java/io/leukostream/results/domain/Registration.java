package io.leukostream.results.domain;

import java.util.Comparator;

/**
 * Whose a specimen is and what it is.
 *
 * @param specimenType BONE_MARROW, PERIPHERAL_BLOOD, …
 * @param kind CELL or FIELD
 * @param version from 1; the highest counts
 */
public record Registration(String patientId, String specimenType, String kind, int version) {
    /** Which of several counts: the greatest. */
    public static final Comparator<Registration> ORDER = Comparator.comparingInt(Registration::version)
            .thenComparing(Registration::patientId)
            .thenComparing(Registration::specimenType)
            .thenComparing(Registration::kind);

    public Registration {
        if (version < 1) {
            throw new IllegalArgumentException("versions begin at 1, not at " + version);
        }
    }
}
