package io.leukostream.standalone.audit;

import io.leukostream.standalone.audit.Finding.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds the records of one patient to what the services write. Pure.
 *
 * <p>Of several records with one number the chain goes on with the first that is signed rightly; the others are findings.
 * A link after one that is missing is not held to the hash before it, so that each change is named where it was made.
 */
public final class ChainCheck {
    private final PublicKeys keys;

    /** Checks with these keys. */
    public ChainCheck(PublicKeys keys) {
        this.keys = keys;
    }

    /**
     * Checks a chain.
     *
     * @param records those that name the patient, in the order of the log
     * @param heads heads of any patient that were kept elsewhere
     */
    public VerifiedChain check(String patientId, List<FoundRecord> records, List<Head> heads) {
        List<Finding> findings = new ArrayList<>();
        TreeMap<Long, List<FoundRecord>> byNumber = new TreeMap<>();
        for (FoundRecord found : records) {
            Link link = found.link();
            if (link == null) {
                findings.add(Finding.at(Check.READABLE, 0, found, "no link of an audit: " + found.defect()));
            } else {
                byNumber.computeIfAbsent(link.number(), number -> new ArrayList<>())
                        .add(found);
            }
        }
        List<FoundRecord> chain = new ArrayList<>();
        byNumber.forEach((number, candidates) -> {
            FoundRecord chosen = candidates.stream()
                    .filter(each -> signed(link(each)) && hashed(link(each)))
                    .findFirst()
                    .orElse(candidates.getFirst());
            for (FoundRecord other : candidates) {
                if (!other.equals(chosen)) {
                    findings.add(Finding.at(
                            Check.NUMBER,
                            number,
                            other,
                            link(other).equals(link(chosen))
                                    ? "the same link is there a second time; it also lies at " + chosen.place()
                                    : "another link has this number; it lies at " + chosen.place()));
                }
                byItself(other, findings);
            }
            chain.add(chosen);
        });
        inOrder(chain, findings);
        int unsigned = signatures(chain, findings);
        List<Link> links = chain.stream().map(ChainCheck::link).toList();
        heads.stream()
                .filter(head -> head.patientId().equals(patientId))
                .forEach(head -> against(head, chain, findings));
        findings.sort(Comparator.comparingLong(Finding::number)
                .thenComparing(Finding::check)
                .thenComparingLong(finding -> finding.offset() == null ? -1L : finding.offset()));
        return new VerifiedChain(patientId, links, unsigned, findings);
    }

    private static Link link(FoundRecord found) {
        Link link = found.link();
        if (link == null) {
            throw new IllegalArgumentException("no link at " + found.place());
        }
        return link;
    }

    private boolean signed(Link link) {
        return link.signature() != null
                && link.keyId() != null
                && keys.verifies(link.keyId(), link.hash(), link.signature());
    }

    private static boolean hashed(Link link) {
        return !link.isAmbiguous() && link.hash().equals(link.recomputedHash());
    }

    private static void byItself(FoundRecord found, List<Finding> findings) {
        Link link = link(found);
        if (!link.patientId().equals(found.key())) {
            findings.add(Finding.at(
                    Check.KEY, link.number(), found, "it lies under the key " + found.key() + ", not its patient's"));
        }
        if (!hashed(link)) {
            findings.add(Finding.at(
                    Check.HASH,
                    link.number(),
                    found,
                    link.isAmbiguous()
                            ? "a field holds a line feed, so that its hash proves nothing"
                            : "what it says is not what its hash was made from"));
        }
    }

    private static void inOrder(List<FoundRecord> chain, List<Finding> findings) {
        @Nullable FoundRecord before = null;
        for (FoundRecord found : chain) {
            Link link = link(found);
            long expected = before == null ? 1 : link(before).number() + 1;
            if (link.number() < 1) {
                findings.add(Finding.at(Check.NUMBER, link.number(), found, "numbers begin with 1"));
            } else if (link.number() > expected) {
                findings.add(Finding.missing(
                        Check.NUMBER,
                        expected,
                        (link.number() - 1 == expected
                                        ? "link " + expected + " is missing"
                                        : "links " + expected + " to " + (link.number() - 1) + " are missing")
                                + " before link " + link.number() + " at " + found.place()));
            } else if (!link.previousHash()
                    .equals(before == null ? Link.NONE_BEFORE : link(before).hash())) {
                findings.add(Finding.at(
                        Check.PREVIOUS_HASH,
                        link.number(),
                        found,
                        before == null
                                ? "the first link names a link before it"
                                : "it was written after another link " + (link.number() - 1) + " than the one at "
                                        + before.place()));
            }
            if (before != null && (found.partition() != before.partition() || found.offset() < before.offset())) {
                findings.add(Finding.at(
                        Check.ORDER,
                        link.number(),
                        found,
                        "it does not lie behind link " + link(before).number() + " at " + before.place()));
            }
            before = found;
        }
    }

    /** Unsigned links are an older version's if all are at the beginning and a signature comes after them. */
    private int signatures(List<FoundRecord> chain, List<Finding> findings) {
        int unsigned = 0;
        while (unsigned < chain.size() && link(chain.get(unsigned)).signature() == null) {
            unsigned++;
        }
        if (unsigned > 0 && unsigned == chain.size()) {
            FoundRecord last = chain.getLast();
            findings.add(Finding.at(
                    Check.SIGNATURE,
                    link(last).number(),
                    last,
                    "no link carries a signature: an older version wrote them, or somebody took the signatures out"));
        }
        for (FoundRecord found : chain.subList(unsigned, chain.size())) {
            Link link = link(found);
            String keyId = link.keyId();
            if (link.signature() == null || keyId == null) {
                findings.add(Finding.at(
                        Check.SIGNATURE, link.number(), found, "it carries no signature, and links before it do"));
            } else if (!keys.ids().contains(keyId)) {
                findings.add(Finding.at(
                        Check.SIGNATURE,
                        link.number(),
                        found,
                        "it is signed with the key " + keyId + ", and the site's is " + String.join(", ", keys.ids())));
            } else if (!signed(link)) {
                findings.add(
                        Finding.at(Check.SIGNATURE, link.number(), found, "the site's key did not sign this hash"));
            }
        }
        return unsigned;
    }

    private void against(Head head, List<FoundRecord> chain, List<Finding> findings) {
        if (head.signature() != null
                && (head.keyId() == null || !keys.verifies(head.keyId(), head.hash(), head.signature()))) {
            findings.add(Finding.missing(
                    Check.HEAD, head.number(), "the head that was kept is itself not signed by the site's key"));
            return;
        }
        FoundRecord found = chain.stream()
                .filter(each -> link(each).number() == head.number())
                .findFirst()
                .orElse(null);
        if (found == null) {
            long last = chain.isEmpty() ? 0 : link(chain.getLast()).number();
            findings.add(Finding.missing(
                    Check.HEAD,
                    head.number(),
                    "it was the newest link when the head was kept, and is gone"
                            + (head.number() > last ? "; the chain ends at " + last : "")));
        } else if (!link(found).hash().equals(head.hash())) {
            findings.add(Finding.at(
                    Check.HEAD, head.number(), found, "it had another hash when the head was kept: " + head.hash()));
        }
    }
}
