package io.leukostream.results.dashboard;

import io.leukostream.results.rest.AuditJson;
import io.quarkus.qute.TemplateInstance;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A patient's audit.
 *
 * @param patientId code of the patient
 * @param rows the links of this page, newest first
 * @param head what to keep elsewhere; null where there is no link
 * @param next address of the older links; null on the last page
 */
public record AuditPage(
        String patientId,
        List<Row> rows,
        AuditJson.@Nullable Head head,
        @Nullable String next) implements TemplateInstance {
    /** Takes a copy of the list. */
    public AuditPage {
        rows = List.copyOf(rows);
    }

    /**
     * A link.
     *
     * @param words what happened, in a sentence
     * @param verified whether the site's key signed it and it follows the link before
     */
    public record Row(long number, Moment at, String actor, String words, EvidenceHash hash, boolean verified) {}

    static AuditPage of(AuditJson audit, ZoneId zone) {
        String next = audit.next();
        return new AuditPage(
                audit.patientId(),
                audit.items().stream()
                        .map(link -> new Row(
                                link.number(),
                                Moment.of(link.at(), zone),
                                link.actor(),
                                link.words(),
                                new EvidenceHash(link.hash()),
                                link.verified()))
                        .toList(),
                audit.head(),
                next == null ? null : "/patients/" + audit.patientId() + "/audit?page=" + next);
    }
}
