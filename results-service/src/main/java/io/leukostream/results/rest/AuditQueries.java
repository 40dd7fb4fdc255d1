package io.leukostream.results.rest;

import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.SignedLink;
import io.leukostream.results.topology.PatientState;
import io.leukostream.results.topology.ResultsStores;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked of the audit. It tells what this service holds; {@code leukostream audit} proves the topic itself. */
@ApplicationScoped
public class AuditQueries {
    private static final int PAGE_SIZE = 50;

    private final ResultsStores stores;
    private final SiteKey siteKey;

    /** Asks these stores and verifies with this key. */
    public AuditQueries(ResultsStores stores, SiteKey siteKey) {
        this.stores = stores;
        this.siteKey = siteKey;
    }

    /** The public half of the key. */
    public AuditKeyJson key() {
        return new AuditKeyJson(siteKey.id(), "Ed25519", siteKey.publicKeyPem());
    }

    /** A page of a patient's audit, newest first; empty where the patient is not known. */
    public Optional<AuditJson> audit(String patientId, int page) {
        PatientState patient = stores.patient(patientId);
        if (patient == null) {
            return Optional.empty();
        }
        List<SignedLink> links = stores.audit(patientId);
        List<AuditJson.Link> told = new ArrayList<>();
        for (int index = links.size() - 1; index >= 0; index--) {
            told.add(link(links.get(index), index == 0 ? null : links.get(index - 1)));
        }
        Page<AuditJson.Link> shown = Page.of(told, page, PAGE_SIZE, link -> link);
        return Optional.of(
                new AuditJson(patientId, shown.items(), shown.next(), links.isEmpty() ? null : head(links.getLast())));
    }

    private AuditJson.Link link(SignedLink signed, @Nullable SignedLink before) {
        AuditLink link = signed.link();
        boolean follows = before == null
                || (before.link().number() + 1 == link.number()
                        && before.link().hash().equals(link.previousHash()));
        return new AuditJson.Link(
                link.number(),
                link.event(),
                AuditWords.of(link),
                link.actor(),
                link.detail(),
                link.at(),
                link.previousHash(),
                link.hash(),
                signed.signature(),
                signed.keyId(),
                follows && siteKey.verifies(signed));
    }

    private static AuditJson.Head head(SignedLink signed) {
        AuditLink link = signed.link();
        return new AuditJson.Head(
                link.patientId(), link.number(), link.hash(), link.at(), signed.signature(), signed.keyId());
    }
}
