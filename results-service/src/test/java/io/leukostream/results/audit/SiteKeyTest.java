package io.leukostream.results.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.SignedLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteKeyTest {
    /** Made by OpenSSL for this test; the command's own test verifies the same signature. */
    private static final String BY_OPENSSL = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEICsjWOD0SsL7ZLWH6R1FTZCXti0Boo+jnIp6CtlaJTu5
            -----END PRIVATE KEY-----
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAWY6Jch+FsPW1XrXypFlut0PX3Wr7dIet0/gJzoHMjhQ=
            -----END PUBLIC KEY-----
            """;

    private static final AuditLink LINK = new AuditLink(
            "P-AAAA1111",
            1,
            "CELL_REVIEWED",
            "Dr Ada",
            "{\"cellId\":\"c\"}",
            Instant.parse("2026-11-26T12:00:00.123Z"),
            AuditLink.NONE_BEFORE);

    @TempDir
    Path folder;

    @Test
    void aKeyIsMadeOnceAndReadByItsOwnerOnly() throws IOException {
        // Given
        Path file = folder.resolve("results/audit-key.pem");
        SiteKey made = SiteKey.keptAt(file);

        // When
        SiteKey again = SiteKey.keptAt(file);

        // Then
        assertEquals(made.id(), again.id());
        assertTrue(again.verifies(made.sign(LINK)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(made.publicKeyPem(), Files.readString(folder.resolve("results/audit-key.pub.pem")));
        assertFalse(made.publicKeyPem().contains("PRIVATE"));
    }

    @Test
    void aKeyThatOpensslMadeSignsAsItAlwaysDid() throws IOException {
        // Given
        SiteKey key = SiteKey.read(Files.writeString(folder.resolve("key.pem"), BY_OPENSSL));

        // When
        SignedLink signed = key.sign(LINK);

        // Then
        assertEquals("436b18bf00f1e9e2", signed.keyId());
        assertEquals("8fc73c335d62390088d8b4aad2bbd68f93da79d100a26b0be7bd23f49e343620", LINK.hash());
        assertEquals(
                "B9MlGGe+vFT/TU/zzSAuGCe91YG2VkkyEQo7aap8hU7raoCtw6MOZ1YthN2k49QUTmxdvPkAsRJ642nqvaq9AQ==",
                signed.signature());
    }

    @Test
    void whatSaysSomethingElseOrIsSignedByAnotherKeyIsNotVerified() {
        // Given
        SiteKey key = SiteKey.generate();
        SignedLink signed = key.sign(LINK);
        AuditLink changed = new AuditLink(
                LINK.patientId(), 1, LINK.event(), "Dr Bela", LINK.detail(), LINK.at(), AuditLink.NONE_BEFORE);

        // When
        SignedLink forged = SiteKey.generate().sign(LINK);

        // Then
        assertTrue(key.verifies(signed));
        assertFalse(key.verifies(new SignedLink(changed, signed.signature(), signed.keyId())));
        assertFalse(key.verifies(forged));
        assertFalse(key.verifies(new SignedLink(LINK, forged.signature(), signed.keyId())));
        assertFalse(key.verifies(new SignedLink(LINK, "no base64!", signed.keyId())));
        assertFalse(key.verifies(new SignedLink(LINK, null, null)));
    }

    @Test
    void aFileThatHoldsNoPairIsRefusedWithTheReason() throws IOException {
        // Given
        SiteKey one = SiteKey.keptAt(folder.resolve("one.pem"));
        SiteKey.keptAt(folder.resolve("other.pem"));
        String other = Files.readString(folder.resolve("other.pem"));
        Path mixed = Files.writeString(
                folder.resolve("mixed.pem"),
                other.substring(0, other.indexOf("-----BEGIN PUBLIC")) + one.publicKeyPem());
        Path half = Files.writeString(folder.resolve("half.pem"), one.publicKeyPem());

        // When
        var noPair = assertThrows(IllegalStateException.class, () -> SiteKey.read(mixed));
        var noPrivateKey = assertThrows(IllegalStateException.class, () -> SiteKey.read(half));
        var nothing = assertThrows(IllegalStateException.class, () -> SiteKey.read(folder.resolve("none.pem")));

        // Then
        assertTrue(noPair.getMessage().contains("not one pair"), noPair.getMessage());
        assertTrue(noPrivateKey.getMessage().contains("PRIVATE KEY"), noPrivateKey.getMessage());
        assertTrue(nothing.getMessage().contains("none.pem"), nothing.getMessage());
    }
}
