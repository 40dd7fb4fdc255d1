package io.leukostream.standalone.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One patient's chain and what was found wrong with it.
 *
 * @param links the chain, oldest first
 * @param unsigned how many links at its beginning an older version wrote without a signature; the first signature vouches
 *     for them
 * @param findings by link and place; none where the chain is sound
 */
public record VerifiedChain(String patientId, List<Link> links, int unsigned, List<Finding> findings) {
    public VerifiedChain {
        links = List.copyOf(links);
        findings = List.copyOf(findings);
    }

    /** Whether every check passed. */
    public boolean isSound() {
        return findings.isEmpty();
    }

    /** The newest link; null where there is none. */
    public @Nullable Link newest() {
        return links.isEmpty() ? null : links.getLast();
    }
}
