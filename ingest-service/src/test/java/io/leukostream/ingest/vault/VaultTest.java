package io.leukostream.ingest.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.ingest.domain.ImageHeader;
import io.leukostream.ingest.domain.ImageId;
import io.leukostream.ingest.domain.MediaType;
import io.leukostream.ingest.domain.PatientId;
import io.leukostream.ingest.domain.Priority;
import io.leukostream.ingest.domain.ProblemCode;
import io.leukostream.ingest.domain.ReceivedImage;
import io.leukostream.ingest.domain.Registrant;
import io.leukostream.ingest.domain.Registration;
import io.leukostream.ingest.domain.Specimen;
import io.leukostream.ingest.domain.SpecimenKind;
import io.leukostream.ingest.domain.SpecimenType;
import io.leukostream.ingest.domain.Submission;
import io.leukostream.schemas.Identity;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00.123Z");
    private static final Registrant A1 =
            new Registrant("Patient-4711", "A1", SpecimenType.BONE_MARROW, SpecimenKind.CELL);

    @TempDir
    private Path folder;

    @Test
    void givesOnePatientAndSpecimenOneCodeEach() {
        // Given
        Vault vault = open(folder);
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
    void refusesASpecimenThatIsRegisteredOtherwise() {
        // Given
        Vault vault = open(folder);
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
        assertEquals(Optional.empty(), vault.resolve("Patient-4712", "test", NOW), "a refusal creates nothing");
    }

    @Test
    void remembersWhatWasPublishedAndAccepted() {
        // Given
        Vault vault = open(folder);
        Specimen specimen = registered(vault.register(A1, NOW)).specimen();
        ReceivedImage image = image(specimen, Priority.ROUTINE);

        // When
        vault.markPublished(specimen);
        vault.markAccepted(image);
        vault.markAccepted(image);
        vault.markAccepted(image(specimen, Priority.STAT));

        // Then
        assertTrue(registered(vault.register(A1, NOW)).published());
        assertEquals(Map.of(Priority.ROUTINE, NOW, Priority.STAT, NOW), vault.acceptances(image.imageId()));
    }

    @Test
    void givesOneCodeToAllWhoAskAtOnce() throws Exception {
        // Given
        Vault vault = open(folder);
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
    void keepsWhatItAnsweredWhenItIsKilled() throws Exception {
        // Given a vault in another process, which is killed as soon as it has answered
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Killed.class.getName(),
                        folder.toString())
                .redirectError(new File(folder.toFile(), "err"))
                .start();
        String answer;
        try (var out = process.inputReader()) {
            answer = out.readLine();
        }
        process.destroyForcibly().waitFor();

        // When
        Vault vault = open(folder);

        // Then
        Registration.Registered registered = registered(vault.register(A1, NOW));
        assertEquals(answer, registered.specimen().specimenId().value());
        assertTrue(registered.published());
        assertEquals(
                Set.of(Priority.ROUTINE),
                vault.acceptances(image(registered.specimen(), Priority.ROUTINE).imageId())
                        .keySet());
    }

    @Test
    void looksUpWithoutCreating() {
        // Given
        Vault vault = open(folder);
        PatientId known = registered(vault.register(A1, NOW)).specimen().patientId();

        // When
        Optional<PatientId> found = vault.resolve("Patient-4711", "test", NOW);
        Optional<PatientId> unknown = vault.resolve("Patient-4712", "test", NOW);

        // Then
        assertEquals(Optional.of(known), found);
        assertEquals(Optional.empty(), unknown);
    }

    /** Registers, marks and answers, then waits for its death. */
    static final class Killed {
        private Killed() {}

        public static void main(String... arguments) throws InterruptedException {
            Vault vault = open(Path.of(arguments[0]));
            Specimen specimen = registered(vault.register(A1, NOW)).specimen();
            vault.markPublished(specimen);
            vault.markAccepted(image(specimen, Priority.ROUTINE));
            System.out.println(specimen.specimenId().value());
            Thread.sleep(60_000);
        }
    }

    private static Vault open(Path folder) {
        DataSource dataSource = JdbcConnectionPool.create(
                "jdbc:h2:file:" + folder.resolve("vault") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE", "", "");
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/vault")
                .load()
                .migrate();
        return new Vault(dataSource);
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
