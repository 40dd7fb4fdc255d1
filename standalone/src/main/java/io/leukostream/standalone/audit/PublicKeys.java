package io.leukostream.standalone.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Ed25519 keys that the site signed with, by their ids. */
public final class PublicKeys {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]*)-----END PUBLIC KEY-----");
    private static final String CONTEXT = "leukostream audit link ";
    private static final int ID_DIGITS = 16;

    private final Map<String, PublicKey> byId = new LinkedHashMap<>();

    private PublicKeys() {}

    /**
     * Reads every public key of a text of PEM blocks.
     *
     * @throws IllegalArgumentException if there is none, or one that is not Ed25519
     */
    public static PublicKeys of(String pem) {
        PublicKeys keys = new PublicKeys();
        try {
            Matcher block = BLOCK.matcher(pem);
            while (block.find()) {
                byte[] der = Base64.getMimeDecoder().decode(block.group(1));
                String id = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(der))
                        .substring(0, ID_DIGITS);
                keys.byId.put(id, KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a PUBLIC KEY block holds no Ed25519 key", e);
        }
        if (keys.byId.isEmpty()) {
            throw new IllegalArgumentException("no PUBLIC KEY block is there");
        }
        return keys;
    }

    Set<String> ids() {
        return byId.keySet();
    }

    boolean verifies(String keyId, String hash, String signature) {
        PublicKey key = byId.get(keyId);
        if (key == null) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update((CONTEXT + hash).getBytes(StandardCharsets.UTF_8));
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (SignatureException | IllegalArgumentException e) {
            // Of another form than any signature: as wrong as one that does not fit.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }
}
