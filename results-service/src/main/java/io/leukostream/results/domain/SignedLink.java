package io.leukostream.results.domain;

import org.jspecify.annotations.Nullable;

/**
 * A link of the audit with the site's signature on its hash.
 *
 * @param signature base64; null where a version before signing wrote the link
 * @param keyId names the key; null with the signature
 */
public record SignedLink(
        AuditLink link,
        @Nullable String signature,
        @Nullable String keyId) {
    public SignedLink {
        if ((signature == null) != (keyId == null)) {
            throw new IllegalArgumentException(
                    "link " + link.number() + " has a signature " + signature + " by " + keyId);
        }
    }
}
