package io.leukostream.ingest.intake;

import io.leukostream.ingest.domain.Erasure;
import io.leukostream.ingest.domain.Merge;
import io.leukostream.ingest.domain.MergeOutcome;
import io.leukostream.ingest.domain.Request;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.ingest.messaging.EventPublisher;
import io.leukostream.ingest.vault.Erasures;
import io.leukostream.ingest.vault.Merges;
import io.leukostream.ingest.vault.Vault;
import io.leukostream.ingest.vault.VaultDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Merges patients, takes merges back and erases, so that vault and event log agree. As on acceptance the vault comes first:
 * a change that it holds and the log does not is finished when the same is sent again, when an image of the specimen
 * comes, or at the next start.
 *
 * <p>Each method blocks, and throws {@link UnavailableException} if event log, registry or vault is away; the change may be
 * half done then.
 */
public final class PatientChanges {
    /** Moves that a start publishes again, lest a process that died wrote an old version after the newest. */
    private static final Duration RECENT = Duration.ofDays(1);

    private final VaultDatabase database;
    private final Merges merges;
    private final Erasures erasures;
    private final SpecimenRecords records;
    private final Clock clock;

    public PatientChanges(
            VaultDatabase database,
            Vault vault,
            Merges merges,
            Erasures erasures,
            EventPublisher publisher,
            Clock clock) {
        this.database = database;
        this.merges = merges;
        this.erasures = erasures;
        this.records = new SpecimenRecords(vault, merges, publisher);
        this.clock = clock;
    }

    /** Merges; returns when the event log holds every specimen that moved. */
    public MergeOutcome merge(Merge merge, String actor) {
        return published(merges.merge(merge, actor, now()));
    }

    /** Takes a merge back; returns when the event log holds every specimen that moved. */
    public MergeOutcome unmerge(Request request, String actor) {
        return published(merges.unmerge(request, actor, now()));
    }

    private MergeOutcome published(MergeOutcome outcome) {
        if (outcome instanceof MergeOutcome.Done done) {
            done.specimens().forEach(records::publish);
        }
        return outcome;
    }

    /** Erases, after the event log has what it lacks: nothing could say later where a specimen belongs. */
    public Erasure erase(Request request, String actor) {
        merges.unpublished(now()).forEach(records::publish);
        return erasures.erase(request, actor, now());
    }

    /** Does what a process that died left undone; harmless if there is nothing, or if it is done twice. */
    public void finish() {
        database.tidy();
        merges.unpublished(now().minus(RECENT)).forEach(records::publish);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
