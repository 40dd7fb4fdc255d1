package io.leukostream.results.domain;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Whose a specimen is and what it is.
 *
 * @param specimenType BONE_MARROW, PERIPHERAL_BLOOD, …
 * @param kind CELL or FIELD
 * @param version from 1; the highest counts
 * @param registeredAt when the specimen was registered; null where that is not known
 */
public record Registration(
        String patientId,
        String specimenType,
        String kind,
        int version,
        @Nullable Instant registeredAt) {
    /** Which of several counts: the greatest. */
    public static final Comparator<Registration> ORDER = Comparator.comparingInt(Registration::version)
            .thenComparing(Registration::patientId)
            .thenComparing(Registration::specimenType)
            .thenComparing(Registration::kind)
            .thenComparing(Registration::registeredAt, Comparator.nullsFirst(Comparator.naturalOrder()));

    public Registration {
        if (version < 1) {
            throw new IllegalArgumentException("versions begin at 1, not at " + version);
        }
    }

    /** A registration of which the time is not known. */
    public Registration(String patientId, String specimenType, String kind, int version) {
        this(patientId, specimenType, kind, version, null);
    }
}
