package io.leukostream.ingest.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.ingest.domain.DicomPlace;
import io.leukostream.ingest.domain.DicomPlace.Mark;
import io.leukostream.ingest.domain.DicomRefusal;
import io.leukostream.ingest.domain.Problem;
import io.leukostream.ingest.domain.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The same on both databases. */
@ParameterizedClass
@EnumSource(Databases.Make.class)
class DicomLedgerTest {
    private static final Databases DATABASES = new Databases();
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00.123Z");
    private static final DicomPlace PLACE =
            DicomPlace.START.after(9, List.of(new Mark(3, "0123456789abcdef"), new Mark(7, "fedcba9876543210")));

    @TempDir
    private Path folder;

    @Parameter
    Databases.Make make;

    private OpenVault vault;
    private DicomLedger ledger;

    @BeforeEach
    void open() throws Exception {
        vault = OpenVault.at(DATABASES.empty(make, folder));
        ledger = new DicomLedger(vault.database());
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @AfterAll
    static void stopServer() throws IOException {
        DATABASES.close();
    }

    @Test
    void onlyOneFollowsUntilItIsSilentOrGivesUp() {
        // Given
        Instant until = NOW.plusSeconds(30);

        // When
        boolean first = ledger.hold("orthanc", "1", NOW, until);
        boolean other = ledger.hold("orthanc", "2", NOW.plusSeconds(29), NOW.plusSeconds(59));
        boolean otherSource = ledger.hold("second", "2", NOW, until);
        boolean again = ledger.hold("orthanc", "1", NOW.plusSeconds(29), NOW.plusSeconds(31));
        boolean afterSilence = ledger.hold("orthanc", "2", NOW.plusSeconds(32), NOW.plusSeconds(62));
        ledger.release("orthanc", "2");
        boolean afterRelease = ledger.hold("orthanc", "1", NOW.plusSeconds(33), NOW.plusSeconds(63));

        // Then
        assertTrue(first);
        assertFalse(other);
        assertTrue(otherSource);
        assertTrue(again);
        assertTrue(afterSilence);
        assertTrue(afterRelease);
    }

    @Test
    void keepsThePlaceOfTheOneThatFollows() {
        // Given
        ledger.hold("orthanc", "1", NOW, NOW.plusSeconds(30));

        // When
        DicomPlace before = ledger.place("orthanc");
        boolean moved = ledger.move("orthanc", "1", PLACE);
        boolean movedByAnother = ledger.move("orthanc", "2", DicomPlace.START);

        // Then
        assertEquals(DicomPlace.START, before);
        assertTrue(moved);
        assertFalse(movedByAnother);
        assertEquals(PLACE, ledger.place("orthanc"));
        assertEquals(DicomPlace.START, ledger.place("unknown"));
    }

    @Test
    void keepsWhatIsRefusedUntilItIsAccepted() {
        // Given
        ledger.hold("orthanc", "1", NOW, NOW.plusSeconds(30));
        ledger.settle("orthanc", "aaaa", List.of(refusal("aaaa", 1), refusal("aaaa", 3)));
        ledger.settle("orthanc", "bbbb", List.of(refusal("bbbb", 0)));
        ledger.settle("orthanc", "bbbb", List.of(refusal("bbbb", 0)));

        // When
        List<DicomRefusal> all = ledger.refusals(0, 10);
        List<DicomRefusal> rest = ledger.refusals(all.getFirst().id(), 1);
        int asked = ledger.askAgain();
        List<String> again = ledger.askedAgain("orthanc", 10);
        ledger.settle("orthanc", "aaaa", List.of(refusal("aaaa", 3)));
        ledger.settle("orthanc", "bbbb", List.of());

        // Then
        assertEquals(3, all.size());
        assertEquals(List.of(all.get(1)), rest);
        assertEquals(
                new Problem(ProblemCode.MISSING_FIELD, "No specimen.", "specimen"),
                all.getFirst().problem());
        assertEquals(NOW, all.getFirst().refusedAt());
        assertEquals(3, asked);
        assertEquals(List.of("aaaa", "bbbb"), again);
        assertEquals(
                List.of(3),
                ledger.refusals(0, 10).stream().map(DicomRefusal::frame).toList());
        assertEquals(List.of(), ledger.askedAgain("orthanc", 10), "what is refused again is not read for ever");
    }

    private static DicomRefusal refusal(String instance, int frame) {
        return new DicomRefusal(
                0, instance, frame, new Problem(ProblemCode.MISSING_FIELD, "No specimen.", "specimen"), NOW);
    }
}
