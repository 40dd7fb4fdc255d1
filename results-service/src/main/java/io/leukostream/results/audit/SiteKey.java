package io.leukostream.results.audit;

import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.SignedLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The site's Ed25519 key pair. Its signatures are deterministic (RFC 8032), so that a link that is written again after a
 * crash is the same record to the byte. Any number of threads may use it.
 *
 * <p>The file holds two PEM blocks, {@code PRIVATE KEY} (PKCS #8) and {@code PUBLIC KEY} (X.509 SubjectPublicKeyInfo), as
 * {@code openssl genpkey -algorithm ed25519} and {@code openssl pkey -pubout} write them.
 */
public final class SiteKey {
    private static final Logger LOG = Logger.getLogger(SiteKey.class);
    private static final String ALGORITHM = "Ed25519";
    /** Stands before the hash, so that a signature of this key on anything else is none on a link. */
    private static final String CONTEXT = "leukostream audit link ";

    private static final int ID_DIGITS = 16;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final String id;

    private SiteKey(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.id = idOf(publicKey);
    }

    /** A new key pair that is kept nowhere. */
    public static SiteKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            return new SiteKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw lacking(e);
        }
    }

    /**
     * The key pair of a service's own folder, made when it is not there yet; only the owner may read it. The public key
     * lies beside it, in a file whose name ends in {@code .pub.pem}.
     *
     * @throws IllegalStateException if the file holds no such pair
     */
    public static SiteKey keptAt(Path file) {
        try {
            if (!Files.exists(file)) {
                SiteKey made = generate();
                Path folder = file.toAbsolutePath().getParent();
                Files.createDirectories(folder);
                Path unfinished = Files.createTempFile(folder, "audit-key", ".new");
                if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(unfinished, OWNER_ONLY);
                }
                Files.writeString(unfinished, made.privateKeyPem() + made.publicKeyPem());
                move(unfinished, file);
                LOG.infof("Made the site's key %s for the audit in %s; keep a copy of it", made.id, file);
            }
            SiteKey key = read(file);
            Files.writeString(publicFileOf(file), key.publicKeyPem());
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("the site's key cannot be kept in " + file, e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            LOG.debug("this file system cannot move a file in one step", e);
            Files.move(from, to);
        }
    }

    private static Path publicFileOf(Path file) {
        String name = file.getFileName().toString();
        return file.resolveSibling((name.endsWith(".pem") ? name.substring(0, name.length() - 4) : name) + ".pub.pem");
    }

    /**
     * A key pair that somebody else keeps, such as a mounted secret; it is never made.
     *
     * @throws IllegalStateException if the file holds no such pair
     */
    public static SiteKey read(Path file) {
        String pem;
        try {
            pem = Files.readString(file);
            if (Files.getFileStore(file).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                LOG.warnf("The site's key in %s can be read or changed by others than its owner", file);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the site's key for the audit cannot be read from " + file, e);
        }
        try {
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            SiteKey key = new SiteKey(
                    keys.generatePrivate(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY", file))),
                    keys.generatePublic(new X509EncodedKeySpec(block(pem, "PUBLIC KEY", file))));
            if (!key.verifies(file.toString(), key.sign(file.toString()))) {
                throw new IllegalStateException("the two keys in " + file + " are not one pair");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keys in " + file + " are no Ed25519 keys", e);
        }
    }

    private static byte[] block(String pem, String name, Path file) {
        Matcher block = Pattern.compile("-----BEGIN " + name + "-----([A-Za-z0-9+/=\\s]*)-----END " + name + "-----")
                .matcher(pem);
        if (!block.find()) {
            throw new IllegalStateException(
                    file + " holds no " + name
                            + " block; make one with: openssl genpkey -algorithm ed25519 -out KEY; openssl pkey -in KEY -pubout >> KEY");
        }
        return Base64.getMimeDecoder().decode(block.group(1));
    }

    /** The link with this key's signature on its hash. */
    public SignedLink sign(AuditLink link) {
        return new SignedLink(link, sign(link.hash()), id);
    }

    /** Whether the link carries this key's signature on just what it says. */
    public boolean verifies(SignedLink signed) {
        String signature = signed.signature();
        return signature != null
                && id.equals(signed.keyId())
                && verifies(signed.link().hash(), signature);
    }

    private String sign(String hash) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update((CONTEXT + hash).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw lacking(e);
        }
    }

    private boolean verifies(String hash, String signed) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(signed);
        } catch (IllegalArgumentException e) {
            LOG.debug("a signature that is no base64", e);
            return false;
        }
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(publicKey);
            signature.update((CONTEXT + hash).getBytes(StandardCharsets.UTF_8));
            return signature.verify(bytes);
        } catch (java.security.SignatureException e) {
            LOG.debug("a signature of another form", e);
            return false;
        } catch (GeneralSecurityException e) {
            throw lacking(e);
        }
    }

    /** Names the key: the first 16 hexadecimal digits of SHA-256 over the public key as DER. */
    public String id() {
        return id;
    }

    /** The public key as a PEM block, for whoever verifies. */
    public String publicKeyPem() {
        return pem("PUBLIC KEY", publicKey.getEncoded());
    }

    private String privateKeyPem() {
        return pem("PRIVATE KEY", privateKey.getEncoded());
    }

    private static String pem(String name, byte[] der) {
        return "-----BEGIN " + name + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + name + "-----\n";
    }

    private static String idOf(PublicKey key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()))
                    .substring(0, ID_DIGITS);
        } catch (GeneralSecurityException e) {
            throw lacking(e);
        }
    }

    private static IllegalStateException lacking(GeneralSecurityException e) {
        return new IllegalStateException("every Java platform since 15 has Ed25519 and SHA-256", e);
    }
}
