package io.leukostream.standalone.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Writes chains as results does, with a key of its own. */
final class SignedChain {
    static final String PATIENT = "P-AAAA1111";

    private final KeyPair pair;
    private final String keyId;

    SignedChain() throws GeneralSecurityException {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        keyId = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(pair.getPublic().getEncoded()))
                .substring(0, 16);
    }

    PublicKeys keys() {
        return PublicKeys.of(pem());
    }

    String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
    }

    List<Link> links(int count) {
        List<Link> links = new ArrayList<>();
        String previous = Link.NONE_BEFORE;
        for (int number = 1; number <= count; number++) {
            Link link = link(number, "Dr Ada", "{\"cellId\":\"cell-" + number + "\"}", previous);
            links.add(link);
            previous = link.hash();
        }
        return links;
    }

    Link link(long number, String actor, String detail, String previousHash) {
        return signed(hashed(new Link(
                PATIENT,
                number,
                "CELL_REVIEWED",
                actor,
                detail,
                Instant.ofEpochSecond(1_795_000_000L + number),
                previousHash,
                "",
                null,
                null)));
    }

    /** The link with the hash that belongs to what it says. */
    static Link hashed(Link link) {
        return with(link, link.recomputedHash(), link.signature(), link.keyId());
    }

    Link signed(Link link) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(("leukostream audit link " + link.hash()).getBytes(StandardCharsets.UTF_8));
            return with(link, link.hash(), Base64.getEncoder().encodeToString(signature.sign()), keyId);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Link unsigned(Link link) {
        return with(link, link.hash(), null, null);
    }

    static Link withActor(Link link, String actor) {
        return new Link(
                link.patientId(),
                link.number(),
                link.event(),
                actor,
                link.detail(),
                link.at(),
                link.previousHash(),
                link.hash(),
                link.signature(),
                link.keyId());
    }

    static Link after(Link link, String previousHash) {
        return new Link(
                link.patientId(),
                link.number(),
                link.event(),
                link.actor(),
                link.detail(),
                link.at(),
                previousHash,
                link.hash(),
                link.signature(),
                link.keyId());
    }

    private static Link with(
            Link link,
            String hash,
            @org.jspecify.annotations.Nullable String signature,
            @org.jspecify.annotations.Nullable String keyId) {
        return new Link(
                link.patientId(),
                link.number(),
                link.event(),
                link.actor(),
                link.detail(),
                link.at(),
                link.previousHash(),
                hash,
                signature,
                keyId);
    }
}
