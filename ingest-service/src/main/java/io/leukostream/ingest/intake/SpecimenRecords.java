package io.leukostream.ingest.intake;

import io.leukostream.ingest.domain.Assignment;
import io.leukostream.ingest.domain.SpecimenId;
import io.leukostream.ingest.messaging.EventPublisher;
import io.leukostream.ingest.vault.Merges;
import io.leukostream.ingest.vault.Vault;
import java.util.Optional;

/**
 * Brings the newest version of a specimen into the event log. Who publishes looks again afterwards, so that an older
 * version never stays the last in the compacted topic because another instance was faster.
 */
final class SpecimenRecords {
    private final Vault vault;
    private final Merges merges;
    private final EventPublisher publisher;

    SpecimenRecords(Vault vault, Merges merges, EventPublisher publisher) {
        this.vault = vault;
        this.merges = merges;
        this.publisher = publisher;
    }

    /** Returns when the log holds the version that the vault has; one that was erased meanwhile is left alone. */
    void publish(SpecimenId specimenId) {
        int published = 0;
        Optional<Assignment> newest = merges.assignment(specimenId);
        while (newest.isPresent() && newest.get().specimen().version() > published) {
            publisher.publish(newest.get());
            vault.markPublished(newest.get().specimen());
            published = newest.get().specimen().version();
            newest = merges.assignment(specimenId);
        }
    }
}
