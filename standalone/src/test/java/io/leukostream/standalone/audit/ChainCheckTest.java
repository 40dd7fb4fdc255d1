package io.leukostream.standalone.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainCheckTest {
    private static final int LENGTH = 6;
    private static final int PARTITION = 3;
    private static final long FIRST_OFFSET = 100;

    private SignedChain site;
    private List<Link> links;

    @BeforeEach
    void write() throws Exception {
        site = new SignedChain();
        links = new ArrayList<>(site.links(LENGTH));
    }

    @Test
    void whatTheServicesWroteIsSound() {
        // When
        VerifiedChain chain = check(links, List.of(links.getLast().head()));

        // Then
        assertTrue(chain.isSound(), chain.findings().toString());
        assertEquals(links, chain.links());
    }

    @Test
    void aLinkThatOpensslSignedIsSound() {
        // Given: the same link, key and signature as in the test of results' key
        PublicKeys openssl = PublicKeys.of("""
                -----BEGIN PUBLIC KEY-----
                MCowBQYDK2VwAyEAWY6Jch+FsPW1XrXypFlut0PX3Wr7dIet0/gJzoHMjhQ=
                -----END PUBLIC KEY-----
                """);
        Link link = new Link(
                "P-AAAA1111",
                1,
                "CELL_REVIEWED",
                "Dr Ada",
                "{\"cellId\":\"c\"}",
                Instant.parse("2026-11-26T12:00:00.123Z"),
                Link.NONE_BEFORE,
                "8fc73c335d62390088d8b4aad2bbd68f93da79d100a26b0be7bd23f49e343620",
                "B9MlGGe+vFT/TU/zzSAuGCe91YG2VkkyEQo7aap8hU7raoCtw6MOZ1YthN2k49QUTmxdvPkAsRJ642nqvaq9AQ==",
                "436b18bf00f1e9e2");

        // When
        VerifiedChain chain = new ChainCheck(openssl)
                .check("P-AAAA1111", List.of(FoundRecord.of(0, 0, "P-AAAA1111", link)), List.of());

        // Then
        assertTrue(chain.isSound(), chain.findings().toString());
    }

    @Test
    void aChangedFieldIsNamedWhereItIs() {
        // Given
        links.set(2, SignedChain.withActor(links.get(2), "Dr Eve"));

        // When
        VerifiedChain chain = check(links, List.of());

        // Then
        assertEquals(List.of("HASH 3 @102"), said(chain));
    }

    @Test
    void aChangedLinkWithItsHashMadeAnewLacksTheSignature() {
        // Given
        links.set(2, SignedChain.hashed(SignedChain.withActor(links.get(2), "Dr Eve")));

        // When
        VerifiedChain chain = check(links, List.of());

        // Then
        assertEquals(List.of("SIGNATURE 3 @102", "PREVIOUS_HASH 4 @103"), said(chain));
    }

    @Test
    void aChainMadeAnewFromAChangedLinkOnLacksEverySignatureFromThere() {
        // Given
        links.set(3, SignedChain.hashed(SignedChain.withActor(links.get(3), "Dr Eve")));
        for (int index = 4; index < LENGTH; index++) {
            links.set(
                    index,
                    SignedChain.hashed(SignedChain.after(
                            links.get(index), links.get(index - 1).hash())));
        }

        // When
        VerifiedChain chain = check(links, List.of());

        // Then
        assertEquals(List.of("SIGNATURE 4 @103", "SIGNATURE 5 @104", "SIGNATURE 6 @105"), said(chain));
    }

    @Test
    void aChainSignedWithAnotherKeyIsNotTheSites() throws Exception {
        // Given
        List<Link> forged = new SignedChain().links(2);

        // When
        VerifiedChain chain = check(forged, List.of());

        // Then
        assertEquals(List.of("SIGNATURE 1 @100", "SIGNATURE 2 @101"), said(chain));
        assertTrue(chain.findings().getFirst().words().contains("signed with the key"));
    }

    @Test
    void aLinkThatWasTakenOutIsMissing() {
        // Given
        links.remove(2);

        // When
        VerifiedChain chain = check(links, List.of());

        // Then
        assertEquals(List.of("NUMBER 3 @-"), said(chain));
        assertEquals(
                "link 3 is missing before link 4 at partition 3, offset 102",
                chain.findings().getFirst().words());
    }

    @Test
    void aBeginningThatWasTakenOutIsMissing() {
        // Given
        List<Link> rest = links.subList(2, LENGTH);

        // When
        VerifiedChain chain = check(rest, List.of());

        // Then
        assertEquals(List.of("NUMBER 1 @-"), said(chain));
    }

    @Test
    void aCutEndShowsAgainstTheHeadThatWasKeptAndOnlyThere() {
        // Given
        List<Head> kept = List.of(links.getLast().head());
        List<Link> cut = links.subList(0, 4);

        // When
        VerifiedChain against = check(cut, kept);

        // Then
        assertTrue(check(cut, List.of()).isSound());
        assertEquals(List.of("HEAD 6 @-"), said(against));
        assertTrue(against.findings().getFirst().words().contains("ends at 4"));
        assertEquals(List.of("HEAD 6 @-"), said(check(List.of(), kept)));
    }

    @Test
    void anEndThatWasWrittenAnewWithTheStolenKeyShowsAgainstTheHead() {
        // Given
        List<Head> kept = List.of(links.getLast().head());
        links.set(
                LENGTH - 1,
                site.link(LENGTH, "Dr Eve", "{}", links.get(LENGTH - 2).hash()));

        // When
        VerifiedChain chain = check(links, kept);

        // Then
        assertTrue(check(links, List.of()).isSound());
        assertEquals(List.of("HEAD 6 @105"), said(chain));
    }

    @Test
    void aForkIsNamedAndTheSignedLinkStandsForTheChain() {
        // Given: somebody published another link 4 before the true one
        List<Link> forked = new ArrayList<>(links);
        forked.add(3, SignedChain.hashed(SignedChain.withActor(links.get(3), "Dr Eve")));

        // When
        VerifiedChain chain = check(forked, List.of());

        // Then
        assertEquals(List.of("NUMBER 4 @103"), said(chain));
        assertEquals(links, chain.links());
    }

    @Test
    void aLinkThatIsThereTwiceIsNamed() {
        // Given
        links.add(links.get(1));

        // When
        VerifiedChain chain = check(links, List.of());

        // Then
        assertEquals(List.of("NUMBER 2 @106"), said(chain));
        assertTrue(chain.findings().getFirst().words().contains("second time"));
    }

    @Test
    void linksInAnotherOrderAreNamed() {
        // Given
        links.add(links.remove(1));

        // When
        VerifiedChain chain = check(links, List.of());

        // Then
        assertEquals(List.of("ORDER 3 @101"), said(chain));
    }

    @Test
    void aLinkUnderAnothersKeyAndARecordThatIsNoneAreNamed() {
        // Given
        List<FoundRecord> records = new ArrayList<>(records(links));
        records.set(0, FoundRecord.of(PARTITION, FIRST_OFFSET, "P-BBBB2222", links.getFirst()));
        records.add(new FoundRecord(PARTITION, 900, SignedChain.PATIENT, null, "it has no value"));

        // When
        VerifiedChain chain = new ChainCheck(site.keys()).check(SignedChain.PATIENT, records, List.of());

        // Then
        assertEquals(List.of("READABLE 0 @900", "KEY 1 @100"), said(chain));
    }

    @Test
    void linksOfAnOlderVersionAreVouchedForByTheFirstSignatureAfterThem() {
        // Given
        links.set(0, SignedChain.unsigned(links.get(0)));
        links.set(1, SignedChain.unsigned(links.get(1)));

        // When
        VerifiedChain chain = check(links, List.of());

        // Then
        assertTrue(chain.isSound(), chain.findings().toString());
        assertEquals(2, chain.unsigned());
    }

    @Test
    void aSignatureThatWasTakenOutIsMissing() {
        // Given
        links.set(4, SignedChain.unsigned(links.get(4)));

        // When
        VerifiedChain one = check(links, List.of());
        VerifiedChain all = check(links.stream().map(SignedChain::unsigned).toList(), List.of());

        // Then
        assertEquals(List.of("SIGNATURE 5 @104"), said(one));
        assertEquals(List.of("SIGNATURE 6 @105"), said(all));
    }

    @Test
    void textCannotMoveFromFieldToField() {
        // Given: the bytes that are hashed are the same
        Link link = links.getFirst();
        Link moved = new Link(
                link.patientId(),
                1,
                link.event() + "\nDr Ada",
                "",
                link.detail(),
                link.at(),
                link.previousHash(),
                link.hash(),
                link.signature(),
                link.keyId());
        Link shifted = new Link(
                link.patientId(),
                1,
                link.event(),
                link.actor() + "\n" + link.detail(),
                "",
                link.at(),
                link.previousHash(),
                link.hash(),
                link.signature(),
                link.keyId());

        // When
        List<String> found = said(check(List.of(moved), List.of()));

        // Then
        assertEquals(List.of("HASH 1 @100"), found);
        assertEquals(List.of("HASH 1 @100"), said(check(List.of(shifted), List.of())));
    }

    @Test
    void headsComeBackFromTheirFile(@TempDir Path folder) throws Exception {
        // Given
        List<Head> heads = List.of(
                links.getLast().head(), SignedChain.unsigned(links.getFirst()).head());

        // When
        HeadFile.write(folder.resolve("heads"), heads);

        // Then
        assertEquals(heads, HeadFile.read(folder.resolve("heads")));
    }

    private VerifiedChain check(List<Link> chain, List<Head> heads) {
        return new ChainCheck(site.keys()).check(SignedChain.PATIENT, records(chain), heads);
    }

    private static List<FoundRecord> records(List<Link> chain) {
        List<FoundRecord> records = new ArrayList<>();
        for (Link link : chain) {
            records.add(FoundRecord.of(PARTITION, FIRST_OFFSET + records.size(), SignedChain.PATIENT, link));
        }
        return records;
    }

    private static List<String> said(VerifiedChain chain) {
        return chain.findings().stream()
                .map(finding -> finding.check() + " " + finding.number() + " @"
                        + (finding.offset() == null ? "-" : finding.offset()))
                .toList();
    }
}
