package io.leukostream.results.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose a specimen is and what it is.
 *
 * @param specimenType BONE_MARROW, PERIPHERAL_BLOOD, …
 * @param kind CELL or FIELD
 * @param version from 1; the highest counts
 * @param registeredAt when the specimen was registered; null where that is not known
 * @param assignment how it came to this patient; null where it was never moved
 */
public record Registration(
        String patientId,
        String specimenType,
        String kind,
        int version,
        @Nullable Instant registeredAt,
        @Nullable Assignment assignment) {
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

    /**
     * That a specimen was taken from other patients by merges.
     *
     * @param from all of them, the one that it has now left out
     * @param by who moved it last; null where that is not known
     */
    public record Assignment(
            SortedSet<String> from, @Nullable String by) {
        public Assignment {
            from = new TreeSet<>(from);
        }
    }

    /** The registration of a specimen that was never moved. */
    public Registration(
            String patientId, String specimenType, String kind, int version, @Nullable Instant registeredAt) {
        this(patientId, specimenType, kind, version, registeredAt, null);
    }

    /** A registration of which the time is not known. */
    public Registration(String patientId, String specimenType, String kind, int version) {
        this(patientId, specimenType, kind, version, null);
    }
}
