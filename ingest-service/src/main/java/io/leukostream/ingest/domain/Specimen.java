package io.leukostream.ingest.domain;

import java.time.Instant;

/**
 * A specimen as all beyond the vault know it.
 *
 * @param version from 1, rising with each change
 * @param registeredAt when it was first registered; a later version keeps it
 */
public record Specimen(
        SpecimenId specimenId,
        PatientId patientId,
        SpecimenType type,
        SpecimenKind kind,
        int version,
        Instant registeredAt) {
    public Specimen {
        if (version < 1) {
            throw new IllegalArgumentException("a specimen's version is at least 1, not " + version);
        }
    }
}
