package io.leukostream.ingest.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.leukostream.ingest.domain.Acceptance;
import io.leukostream.ingest.domain.Assignment;
import io.leukostream.ingest.domain.Disclosure;
import io.leukostream.ingest.domain.Erasure;
import io.leukostream.ingest.domain.Grounds;
import io.leukostream.ingest.domain.ImageHeader;
import io.leukostream.ingest.domain.ImageId;
import io.leukostream.ingest.domain.LogPosition;
import io.leukostream.ingest.domain.MediaType;
import io.leukostream.ingest.domain.Merge;
import io.leukostream.ingest.domain.MergeOutcome;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Priority;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.Question;
import io.leukostream.ingest.domain.ReceivedImage;
import io.leukostream.ingest.domain.Registrant;
import io.leukostream.ingest.domain.Registration;
import io.leukostream.ingest.domain.Request;
import io.leukostream.ingest.domain.Specimen;
import io.leukostream.ingest.domain.SpecimenId;
import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.domain.SpecimenType;
import io.leukostream.ingest.domain.Submission;
import io.leukostream.ingest.domain.UnavailableException;
import io.leukostream.schemas.Identity;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The same on both databases; where PostgreSQL is not installed its half is skipped, saying so. */
@ParameterizedClass
@EnumSource(Databases.Make.class)
class VaultTest {
    private static final Databases DATABASES = new Databases();
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00.123Z");
    private static final LogPosition AT = new LogPosition("smear.images", 3, 4711);
    private static final Grounds GROUNDS = new Grounds("Dr Ada", "two requests for one child");
    private static final Registrant A2 =
            new Registrant("Patient-4711", "A2", SpecimenType.PERIPHERAL_BLOOD, SpecimenKind.FIELD);
    private static final Registrant B1 =
            new Registrant("Patient-4712", "B1", SpecimenType.BONE_MARROW, SpecimenKind.CELL);
    private static final Registrant C1 =
            new Registrant("Patient-4713", "C1", SpecimenType.BONE_MARROW, SpecimenKind.CELL);
    private static final Registrant A1 =
            new Registrant("Patient-4711", "A1", SpecimenType.BONE_MARROW, SpecimenKind.CELL);

    @Parameter
    Databases.Make make;

    @TempDir
    private Path folder;

    private final List<OpenVault> opened = new ArrayList<>();
    private String url;

    @BeforeEach
    void makeDatabase() throws Exception {
        url = DATABASES.empty(make, folder);
    }

    @AfterEach
    void closeVaults() {
        opened.forEach(OpenVault::close);
    }

    @AfterAll
    static void stopServer() throws IOException {
        DATABASES.close();
    }

    /** Another instance on the same database. */
    private OpenVault open() throws SQLException {
        OpenVault vault = OpenVault.at(url);
        opened.add(vault);
        return vault;
    }

    @Test
    void givesOnePatientAndSpecimenOneCodeEach() throws SQLException {
        // Given
        Vault vault = open().vault();
        Specimen first = registered(vault.register(A1, NOW)).specimen();

        // When
        Specimen again = registered(vault.register(A1, NOW.plusSeconds(5))).specimen();
        Specimen other = registered(vault.register(
                        new Registrant("Patient-4711", "A2", SpecimenType.PERIPHERAL_BLOOD, SpecimenKind.FIELD), NOW))
                .specimen();

        // Then
        assertEquals(first, again);
        assertEquals(first.patientId(), other.patientId());
        assertNotEquals(first.specimenId(), other.specimenId());
    }

    @Test
    void anIdentifierThatAnOlderVersionKeptWithOtherBlanksIsFoundAgain() throws SQLException {
        // Given: as a version kept them that left blanks within an identifier alone
        OpenVault open = open();
        Vault vault = open.vault();
        Specimen older = registered(vault.register(
                        new Registrant("4711\u00a0 A", "S\u20071", SpecimenType.BONE_MARROW, SpecimenKind.CELL), NOW))
                .specimen();
        Specimen both = registered(vault.register(
                        new Registrant("4712  B", "S 2", SpecimenType.BONE_MARROW, SpecimenKind.CELL), NOW))
                .specimen();
        Specimen plain = registered(vault.register(
                        new Registrant("4712 B", "S 3", SpecimenType.BONE_MARROW, SpecimenKind.CELL), NOW))
                .specimen();

        // When
        open.database().tidy();
        open.database().tidy();

        // Then
        assertEquals(
                older,
                registered(vault.register(
                                new Registrant("4711 A", "S 1", SpecimenType.BONE_MARROW, SpecimenKind.CELL), NOW))
                        .specimen());
        assertNotEquals(both.patientId(), plain.patientId(), "two patients stay two until somebody merges them");
        assertEquals(
                plain.patientId(),
                registered(vault.register(
                                new Registrant("4712 B", "S 4", SpecimenType.BONE_MARROW, SpecimenKind.CELL), NOW))
                        .specimen()
                        .patientId());
    }

    @Test
    void refusesASpecimenThatIsRegisteredOtherwise() throws SQLException {
        // Given
        OpenVault open = open();
        Vault vault = open.vault();
        vault.register(A1, NOW);

        // When
        Registration patient =
                vault.register(new Registrant("Patient-4712", "A1", SpecimenType.BONE_MARROW, SpecimenKind.CELL), NOW);
        Registration type = vault.register(
                new Registrant("Patient-4711", "A1", SpecimenType.PERIPHERAL_BLOOD, SpecimenKind.CELL), NOW);
        Registration kind =
                vault.register(new Registrant("Patient-4711", "A1", SpecimenType.BONE_MARROW, SpecimenKind.FIELD), NOW);

        // Then
        assertEquals(ProblemCode.SPECIMEN_BELONGS_TO_OTHER_PATIENT, conflict(patient));
        assertEquals(ProblemCode.SPECIMEN_TYPE_MISMATCH, conflict(type));
        assertEquals(ProblemCode.SPECIMEN_KIND_MISMATCH, conflict(kind));
        assertEquals(
                Optional.empty(), open.disclosures().resolve("Patient-4712", "test", NOW), "a refusal creates nothing");
    }

    @Test
    void remembersWhatWasPublishedAndAccepted() throws SQLException {
        // Given
        Vault vault = open().vault();
        Specimen specimen = registered(vault.register(A1, NOW)).specimen();
        ReceivedImage image = image(specimen, Priority.ROUTINE);

        // When
        vault.markPublished(specimen);
        vault.markAccepted(image, AT);
        vault.markAccepted(image, AT);
        vault.markAccepted(image(specimen, Priority.STAT), AT);

        // Then
        assertTrue(registered(vault.register(A1, NOW)).published());
        Acceptance acceptance = new Acceptance(1, NOW, AT);
        assertEquals(
                Map.of(Priority.ROUTINE, acceptance, Priority.STAT, acceptance), vault.acceptances(image.imageId()));
    }

    @Test
    void givesOneCodeToAllWhoAskAtOnce() throws Exception {
        // Given
        Vault vault = open().vault();
        List<Callable<Specimen>> askers = new ArrayList<>();
        for (int k = 0; k < 16; k++) {
            askers.add(() -> registered(vault.register(A1, NOW)).specimen());
        }

        // When
        Set<Specimen> answers = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<Specimen> answer : threads.invokeAll(askers)) {
                answers.add(answer.get());
            }
        }

        // Then
        assertEquals(1, answers.size(), answers.toString());
    }

    @Test
    void keepsWhatItAnsweredWhenServiceAndDatabaseAreKilled() throws Exception {
        // Given a vault in another process, which is killed as soon as it has answered
        Process process = process(Killed.class, "err");
        String answer;
        try (var out = process.inputReader()) {
            answer = out.readLine();
        }
        process.destroyForcibly().waitFor();

        // When the database's own processes die, too
        if (make == Databases.Make.POSTGRESQL) {
            DATABASES.server().killAndStart();
        }

        // Then
        Vault vault = open().vault();
        Registration.Registered registered = registered(vault.register(A1, NOW));
        assertEquals(answer, registered.specimen().specimenId().value());
        assertTrue(registered.published());
        assertEquals(
                Set.of(Priority.ROUTINE),
                vault.acceptances(image(registered.specimen(), Priority.ROUTINE).imageId())
                        .keySet());
    }

    @Test
    void aVaultWhoseDatabaseDiedGoesOnWithTheNextOne() throws Exception {
        // Given
        assumeTrue(make == Databases.Make.POSTGRESQL, "an H2 database dies with its service");
        Vault vault = open().vault();
        Specimen before = registered(vault.register(A1, NOW)).specimen();

        // When
        DATABASES.server().killAndStart();

        // Then
        assertEquals(before, registered(vault.register(A1, NOW)).specimen());
    }

    @Test
    void twoInstancesGiveOneCodeWhileBothAreAskedForTheSame() throws Exception {
        // Given: an H2 file serves one process, so there its two instances share it
        assumeTrue(make == Databases.Make.POSTGRESQL, "an H2 file serves one instance");
        List<Process> instances = List.of(process(Racing.class, "err-1"), process(Racing.class, "err-2"));
        for (Process instance : instances) {
            assertEquals("ready", instance.inputReader().readLine());
        }

        // When
        for (Process instance : instances) {
            instance.outputWriter().append("go\n").flush();
        }

        // Then
        List<List<String>> answers = new ArrayList<>();
        for (Process instance : instances) {
            answers.add(instance.inputReader().lines().sorted().toList());
            assertEquals(0, instance.waitFor());
        }
        assertEquals(Racing.SPECIMENS, answers.getFirst().size());
        assertEquals(answers.getFirst(), answers.getLast());
        assertEquals(
                Racing.PATIENTS,
                answers.getFirst().stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' ')))
                        .distinct()
                        .count());
        assertFalse(
                Files.readString(DATABASES.server().log()).contains("Racer-"), "the server's log quotes an identifier");
    }

    @Test
    void looksUpWithoutCreating() throws SQLException {
        // Given
        OpenVault vault = open();
        PatientId known = registered(vault.vault().register(A1, NOW)).specimen().patientId();

        // When
        Optional<PatientId> found = vault.disclosures().resolve("Patient-4711", "test", NOW);
        Optional<PatientId> unknown = vault.disclosures().resolve("Patient-4712", "test", NOW);

        // Then
        assertEquals(Optional.of(known), found);
        assertEquals(Optional.empty(), unknown);
        assertEquals(
                List.of("RESOLVE ANSWERED " + known.value(), "RESOLVE PATIENT_UNKNOWN null", "LIST ANSWERED null"),
                lines(vault));
    }

    @Test
    void aMergeMovesTheSpecimensAndWhatComesLaterAndTakingItBackMovesExactlyThoseBack() throws SQLException {
        // Given
        OpenVault vault = open();
        Specimen a1 = registered(vault.vault().register(A1, NOW)).specimen();
        Specimen b1 = registered(vault.vault().register(B1, NOW)).specimen();
        vault.vault().markPublished(a1);
        vault.vault().markPublished(b1);

        // When
        MergeOutcome merged = vault.merges().merge(new Merge("Patient-4711", "Patient-4712", GROUNDS), "test", NOW);

        // Then
        assertEquals(new MergeOutcome.Done(a1.patientId(), b1.patientId(), List.of(a1.specimenId()), false), merged);
        Registration.Registered again = registered(vault.vault().register(A1, NOW.plusSeconds(9)));
        assertFalse(again.published(), "the log does not hold the new version yet");
        assertEquals(
                new Specimen(a1.specimenId(), b1.patientId(), a1.type(), a1.kind(), 2, a1.registeredAt()),
                again.specimen());
        assertEquals(List.of(a1.specimenId()), vault.merges().unpublished(NOW.plusSeconds(1)));
        assertEquals(
                Optional.of(new Assignment(again.specimen(), List.of(a1.patientId()), "Dr Ada")),
                vault.merges().assignment(a1.specimenId()));
        assertEquals(Optional.of(b1.patientId()), vault.disclosures().resolve("Patient-4711", "test", NOW));
        Specimen a2 = registered(vault.vault().register(A2, NOW)).specimen();
        assertEquals(b1.patientId(), a2.patientId(), "what comes later by the old identifier follows");
        assertEquals(
                a1.specimenId(),
                registered(vault.vault()
                                .register(
                                        new Registrant(
                                                "Patient-4712", "A1", SpecimenType.BONE_MARROW, SpecimenKind.CELL),
                                        NOW))
                        .specimen()
                        .specimenId(),
                "a specimen may be sent under either identifier");
        assertEquals(
                new MergeOutcome.Done(a1.patientId(), b1.patientId(), sorted(a1.specimenId(), a2.specimenId()), true),
                vault.merges()
                        .merge(new Merge(a1.patientId().value(), b1.patientId().value(), GROUNDS), "test", NOW));

        // When
        MergeOutcome back = vault.merges().unmerge(new Request("Patient-4711", GROUNDS), "test", NOW);

        // Then
        assertEquals(
                new MergeOutcome.Done(a1.patientId(), a1.patientId(), sorted(a1.specimenId(), a2.specimenId()), false),
                back);
        Specimen home = registered(vault.vault().register(A1, NOW)).specimen();
        assertEquals(a1.patientId(), home.patientId());
        assertEquals(3, home.version());
        assertEquals(
                List.of(b1.patientId()),
                vault.merges().assignment(a1.specimenId()).orElseThrow().formerPatients());
        assertEquals(b1, registered(vault.vault().register(B1, NOW)).specimen(), "the other's own is left alone");
        assertEquals(
                ProblemCode.SPECIMEN_BELONGS_TO_OTHER_PATIENT,
                conflict(vault.vault()
                        .register(
                                new Registrant("Patient-4712", "A1", SpecimenType.BONE_MARROW, SpecimenKind.CELL),
                                NOW)));
        assertTrue(((MergeOutcome.Done) vault.merges().unmerge(new Request("Patient-4711", GROUNDS), "test", NOW))
                .repeated());
    }

    @Test
    void aChainOfMergesLeadsToItsEndAndComesApartWhereItIsCut() throws SQLException {
        // Given
        OpenVault vault = open();
        Specimen a = registered(vault.vault().register(A1, NOW)).specimen();
        Specimen b = registered(vault.vault().register(B1, NOW)).specimen();
        Specimen c = registered(vault.vault().register(C1, NOW)).specimen();
        vault.merges().merge(new Merge("Patient-4711", "Patient-4712", GROUNDS), "test", NOW);

        // When
        vault.merges().merge(new Merge("Patient-4712", "Patient-4713", GROUNDS), "test", NOW);

        // Then
        Specimen moved = registered(vault.vault().register(A1, NOW)).specimen();
        assertEquals(c.patientId(), moved.patientId());
        assertEquals(3, moved.version());
        assertEquals(
                Set.of(a.patientId(), b.patientId()),
                Set.copyOf(
                        vault.merges().assignment(a.specimenId()).orElseThrow().formerPatients()));

        // When
        vault.merges().unmerge(new Request("Patient-4712", GROUNDS), "test", NOW);

        // Then
        assertEquals(
                b.patientId(),
                registered(vault.vault().register(A1, NOW)).specimen().patientId());
        assertEquals(
                b.patientId(),
                registered(vault.vault().register(B1, NOW)).specimen().patientId());
    }

    @Test
    void refusesMergesThatMakeNoSense() throws SQLException {
        // Given
        OpenVault vault = open();
        PatientId a = registered(vault.vault().register(A1, NOW)).specimen().patientId();
        vault.vault().register(B1, NOW);
        vault.vault().register(C1, NOW);
        vault.merges().merge(new Merge("Patient-4711", "Patient-4712", GROUNDS), "test", NOW);
        vault.merges().merge(new Merge("Patient-4712", "Patient-4713", GROUNDS), "test", NOW);

        // When
        Map<String, ProblemCode> refused = new TreeMap<>();
        for (String[] pair : new String[][] {
            {"Patient-4711", a.value()},
            {"Patient-4713", "Patient-4711"},
            {"Patient-0815", "Patient-4711"},
            {"Patient-4711", "P-00000000"}
        }) {
            refused.put(
                    pair[0] + " " + pair[1],
                    refused(vault.merges().merge(new Merge(pair[0], pair[1], GROUNDS), "test", NOW)));
        }
        ProblemCode telling = refused(vault.merges()
                .merge(
                        new Merge("Patient-4711", "Patient-4713", new Grounds("Dr Ada", "is patient-4713 too")),
                        "test",
                        NOW));
        ProblemCode notMerged = refused(vault.merges().unmerge(new Request("Patient-4713", GROUNDS), "test", NOW));

        // Then
        assertEquals(
                Map.of(
                        "Patient-4711 " + a.value(),
                        ProblemCode.MERGE_WITH_ITSELF,
                        "Patient-4713 Patient-4711",
                        ProblemCode.MERGE_CIRCLE,
                        "Patient-0815 Patient-4711",
                        ProblemCode.PATIENT_UNKNOWN,
                        "Patient-4711 P-00000000",
                        ProblemCode.PATIENT_UNKNOWN),
                refused);
        assertEquals(ProblemCode.INVALID_FIELD, telling);
        assertEquals(ProblemCode.NOT_MERGED, notMerged);
        assertFalse(lines(vault).toString().contains("4713"), "the log holds no identifier");
    }

    @Test
    void manyMergesAtOnceMakeNoCircle() throws Exception {
        // Given
        OpenVault one = open();
        OpenVault other = make == Databases.Make.H2 ? one : open();
        one.vault().register(A1, NOW);
        one.vault().register(B1, NOW);
        one.vault().register(C1, NOW);
        List<String> all = List.of("Patient-4711", "Patient-4712", "Patient-4713");
        List<Callable<MergeOutcome>> merges = new ArrayList<>();
        for (int k = 0; k < 12; k++) {
            Merge merge = new Merge(all.get(k % 3), all.get((k + 1) % 3), GROUNDS);
            OpenVault instance = k % 2 == 0 ? one : other;
            merges.add(() -> instance.merges().merge(merge, "test", NOW));
        }

        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
            for (Future<MergeOutcome> merge : threads.invokeAll(merges)) {
                merge.get();
            }
        }

        // Then
        Set<PatientId> codes = new HashSet<>();
        for (String each : all) {
            codes.add(one.disclosures().resolve(each, "test", NOW).orElseThrow());
        }
        assertEquals(1, codes.size(), codes.toString());
    }

    @Test
    void saysWhoItIsWithAllThatWasMerged() throws SQLException {
        // Given
        OpenVault vault = open();
        Specimen a = registered(vault.vault().register(A1, NOW)).specimen();
        Specimen b = registered(vault.vault().register(B1, NOW)).specimen();
        vault.vault().markAccepted(image(a, Priority.ROUTINE), AT);
        vault.merges().merge(new Merge("Patient-4711", "Patient-4712", GROUNDS), "test", NOW);

        // When
        Disclosure byOldCode = vault.disclosures().identify(new Question(a.patientId(), null, GROUNDS), "test", NOW);
        Disclosure bySpecimen = vault.disclosures().identify(new Question(null, a.specimenId(), GROUNDS), "test", NOW);
        Disclosure unknown =
                vault.disclosures().identify(new Question(new PatientId("P-00000000"), null, GROUNDS), "test", NOW);

        // Then
        Disclosure.Answered answered = assertInstanceOf(Disclosure.Answered.class, byOldCode);
        assertEquals(b.patientId(), answered.patientId());
        assertEquals(
                Set.of(
                        new Disclosure.Patient(a.patientId(), "Patient-4711"),
                        new Disclosure.Patient(b.patientId(), "Patient-4712")),
                Set.copyOf(answered.patients()));
        assertEquals(2, answered.specimens().size());
        assertEquals(
                List.of(new Disclosure.OfSpecimen(a.specimenId(), "A1", List.of("Accession-0815"))),
                assertInstanceOf(Disclosure.Answered.class, bySpecimen).specimens());
        assertEquals(
                ProblemCode.CODE_UNKNOWN,
                assertInstanceOf(Disclosure.Refused.class, unknown).problem().code());
        assertFalse(answered.toString().contains("4711"), "its text form says nothing");
        assertTrue(lines(vault).contains("IDENTIFY ANSWERED " + a.patientId().value()));
    }

    @Test
    void afterAnErasureNothingLeadsBackNotEvenTheFiles() throws Exception {
        // Given
        OpenVault vault = open();
        Registrant person =
                new Registrant("Zwickelmeier-19", "Zwickelmeier-BM", SpecimenType.BONE_MARROW, SpecimenKind.CELL);
        Registrant alias =
                new Registrant("Huberbauer-77", "Huberbauer-PB", SpecimenType.BONE_MARROW, SpecimenKind.CELL);
        List<String> identifiers = List.of("Zwickelmeier", "Huberbauer", "Accession-0815");
        Specimen known = registered(vault.vault().register(person, NOW)).specimen();
        Specimen other = registered(vault.vault().register(alias, NOW)).specimen();
        ReceivedImage image = image(known, Priority.ROUTINE);
        vault.vault().markAccepted(image, AT);
        Specimen innocent = registered(vault.vault().register(B1, NOW)).specimen();
        vault.merges().merge(new Merge("Huberbauer-77", "Zwickelmeier-19", GROUNDS), "test", NOW);
        assertEquals(Set.copyOf(identifiers), inFiles(identifiers), "they are there before");

        // When
        Erasure erasure = vault.erasures().erase(new Request("Huberbauer-77", GROUNDS), "test", NOW);

        // Then
        Erasure.Done done = assertInstanceOf(Erasure.Done.class, erasure);
        assertEquals(Set.of(known.patientId(), other.patientId()), Set.copyOf(done.codes()));
        assertEquals(2, done.specimens());
        assertTrue(done.filesCleaned());
        assertEquals(Set.of(), inFiles(identifiers), "the files hold an identifier");
        assertEquals(
                ProblemCode.PATIENT_ERASED,
                assertInstanceOf(
                                Disclosure.Refused.class,
                                vault.disclosures()
                                        .identify(new Question(known.patientId(), null, GROUNDS), "test", NOW))
                        .problem()
                        .code());
        assertEquals(
                ProblemCode.CODE_UNKNOWN,
                assertInstanceOf(
                                Disclosure.Refused.class,
                                vault.disclosures()
                                        .identify(new Question(null, known.specimenId(), GROUNDS), "test", NOW))
                        .problem()
                        .code());
        assertEquals(Map.of(), vault.vault().acceptances(image.imageId()));
        assertEquals(Optional.empty(), vault.merges().assignment(known.specimenId()));
        Specimen anew = registered(vault.vault().register(person, NOW)).specimen();
        assertNotEquals(known.patientId(), anew.patientId());
        assertNotEquals(known.specimenId(), anew.specimenId());
        assertEquals(innocent, registered(vault.vault().register(B1, NOW)).specimen());
        vault.vault().markAccepted(image, AT);
        assertEquals(Map.of(), vault.vault().acceptances(image.imageId()), "an image on its way leaves no mark");
    }

    @Test
    void anImageThatComesBeforeOlderIdentifiersAreRewrittenMakesNoSecondPatient() throws SQLException {
        // Given: as an older version kept them
        Specimen older = registered(open().vault()
                        .register(
                                new Registrant("4713\u00a0 A", "S\u20074", SpecimenType.BONE_MARROW, SpecimenKind.CELL),
                                NOW))
                .specimen();

        // When: another process is faster than its own start
        Vault next = open().vault();

        // Then
        assertEquals(
                older.patientId(),
                registered(next.register(
                                new Registrant("4713 A", "S 5", SpecimenType.BONE_MARROW, SpecimenKind.CELL), NOW))
                        .specimen()
                        .patientId());
        assertEquals(
                older,
                registered(next.register(
                                new Registrant("4713 A", "S 4", SpecimenType.BONE_MARROW, SpecimenKind.CELL), NOW))
                        .specimen());
    }

    @Test
    void anErasureWhoseFilesWereNotCleanedIsFinishedByTheNextStart() throws Exception {
        // Given: the process died after its commit
        OpenVault vault = open();
        vault.vault()
                .register(
                        new Registrant("Zwickelmeier-19", "S-of-hers", SpecimenType.BONE_MARROW, SpecimenKind.CELL),
                        NOW);
        vault.database().alone(connection -> {
            VaultDatabase.update(connection, "delete from specimen");
            VaultDatabase.update(connection, "update patient set identifier = null");
            VaultDatabase.compactionIsDue(connection);
            return true;
        });

        // When
        open().database().tidy();

        // Then
        assertEquals(Set.of(), inFiles(List.of("Zwickelmeier")));
    }

    @Test
    void thePostgresqlLogOfAccessesOnlyGrows() throws SQLException {
        // Given
        assumeTrue(make == Databases.Make.POSTGRESQL, "H2 has no trigger without code");
        OpenVault vault = open();
        vault.disclosures().resolve("Patient-4711", "test", NOW);

        // When
        for (String change :
                List.of("delete from access_log", "update access_log set actor = 'x'", "truncate access_log")) {
            assertThrows(
                    UnavailableException.class,
                    () -> vault.database().read(connection -> VaultDatabase.update(connection, change)),
                    change);
        }

        // Then
        assertEquals(2, lines(vault).size());
    }

    /** Those of some texts that the database's files hold, once everything is written. */
    private Set<String> inFiles(List<String> texts) throws Exception {
        List<Path> files = new ArrayList<>();
        if (make == Databases.Make.H2) {
            try (Stream<Path> all = Files.list(folder)) {
                files.addAll(all.filter(file -> file.getFileName().toString().startsWith("vault"))
                        .toList());
            }
        } else {
            DATABASES.server().execute("checkpoint");
            try (Stream<Path> all = Files.walk(DATABASES.server().tables(url))) {
                files.addAll(all.filter(Files::isRegularFile).toList());
            }
        }
        Set<String> found = new TreeSet<>();
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            String single = new String(bytes, StandardCharsets.ISO_8859_1);
            for (String text : texts) {
                String wide = new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1);
                if (single.contains(text) || single.contains(wide)) {
                    found.add(text);
                }
            }
        }
        return found;
    }

    private static List<String> lines(OpenVault vault) {
        return vault.log().list(0, 100, "test", NOW).stream()
                .map(line -> line.operation() + " " + line.outcome() + " " + line.code())
                .toList();
    }

    private static List<SpecimenId> sorted(SpecimenId... specimens) {
        return Stream.of(specimens)
                .sorted(Comparator.comparing(SpecimenId::value))
                .toList();
    }

    private static ProblemCode refused(MergeOutcome outcome) {
        return assertInstanceOf(MergeOutcome.Refused.class, outcome).problem().code();
    }

    private Process process(Class<?> program, String errors) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        program.getName(),
                        url)
                .redirectError(new File(folder.toFile(), errors))
                .start();
    }

    /** Registers, marks and answers, then waits for its death. */
    static final class Killed {
        private Killed() {}

        public static void main(String... arguments) throws Exception {
            Vault vault = OpenVault.at(arguments[0]).vault();
            Specimen specimen = registered(vault.register(A1, NOW)).specimen();
            vault.markPublished(specimen);
            vault.markAccepted(image(specimen, Priority.ROUTINE), AT);
            System.out.println(specimen.specimenId().value());
            Thread.sleep(60_000);
        }
    }

    /** One instance: registers the same specimens as the other one, with many threads, from the word go. */
    static final class Racing {
        static final int PATIENTS = 50;
        static final int SPECIMENS = 150;

        private Racing() {}

        public static void main(String... arguments) throws Exception {
            Vault vault = OpenVault.at(arguments[0]).vault();
            System.out.println("ready");
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            List<Callable<String>> askers = new ArrayList<>();
            for (int k = 0; k < SPECIMENS; k++) {
                String specimen = "Racer-specimen-" + k;
                Registrant registrant =
                        new Registrant("Racer-" + k % PATIENTS, specimen, SpecimenType.BONE_MARROW, SpecimenKind.CELL);
                askers.add(() -> {
                    Specimen given = registered(vault.register(registrant, NOW)).specimen();
                    return specimen + " " + given.patientId().value() + " "
                            + given.specimenId().value();
                });
            }
            try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
                for (Future<String> answer : threads.invokeAll(askers)) {
                    System.out.println(answer.get());
                }
            }
        }
    }

    private static ReceivedImage image(Specimen specimen, Priority priority) {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
        return new ReceivedImage(
                new ImageId(Identity.imageId(specimen.specimenId().value(), bytes)),
                1,
                specimen,
                new ImageHeader(MediaType.PNG, 1, 1),
                "",
                new Submission(A1, null, priority, null, null, null, "Accession-0815"),
                NOW,
                bytes);
    }

    private static Registration.Registered registered(Registration registration) {
        return assertInstanceOf(Registration.Registered.class, registration);
    }

    private static ProblemCode conflict(Registration registration) {
        return assertInstanceOf(Registration.Conflict.class, registration)
                .problem()
                .code();
    }
}
