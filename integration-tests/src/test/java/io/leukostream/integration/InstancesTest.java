package io.leukostream.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.embedded.EmbeddedPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two instances of results share the work: either answers everything, and when one is killed the other goes on. */
@Timeout(240)
class InstancesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENTS = 30;
    private static final int IMAGES = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(2);
    private static final Map<String, String> SETTINGS = Map.of(
            "LEUKOSTREAM_KAFKA_SESSION_TIMEOUT", "6s",
            "LEUKOSTREAM_KAFKA_STANDBY_REPLICAS", "1");

    @TempDir
    Path folder;

    private interface Question {
        boolean holds() throws IOException, InterruptedException;
    }

    private static BooleanSupplier asked(Question question) {
        return () -> {
            try {
                return question.holds();
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        };
    }

    /** What is asked by an id. */
    private static List<String> byId() {
        List<String> paths = new ArrayList<>();
        for (int patient = 0; patient < PATIENTS; patient++) {
            String specimen = "/api/v1/specimens/" + SimulatedOutcomes.specimenId(patient);
            paths.add("/api/v1/patients/" + SimulatedOutcomes.patientId(patient) + "/verdict");
            paths.add(specimen);
            paths.add(specimen + "/cells?order=uncertainty&size=20");
            paths.add("/api/v1/images/" + SimulatedOutcomes.imageId(patient, 1));
            if (patient % 10 == 9) {
                paths.add("/api/v1/alerts/" + SimulatedOutcomes.patientId(patient) + ".1");
            }
        }
        return paths;
    }

    private static Map<String, String> answers(ResultsInstance instance, List<String> paths)
            throws InterruptedException {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String path : paths) {
            ResultsInstance.Answer answer = instance.get(path);
            assertEquals(200, answer.status(), path + ": " + answer.body());
            answers.put(path, answer.body());
        }
        return answers;
    }

    private static boolean holds(ResultsInstance instance, int patient) throws InterruptedException {
        return instance.get("/internal/stores/tallies/keys?key=" + SimulatedOutcomes.specimenId(patient))
                        .status()
                == 200;
    }

    private static int held(ResultsInstance instance) throws InterruptedException {
        int held = 0;
        for (int patient = 0; patient < PATIENTS; patient++) {
            held += holds(instance, patient) ? 1 : 0;
        }
        return held;
    }

    private static boolean hasAll(ResultsInstance instance) throws IOException, InterruptedException {
        JsonNode accounting = JSON.readTree(instance.get("/api/v1/accounting").body());
        JsonNode worklist = JSON.readTree(instance.get("/api/v1/patients").body());
        // Of ten patients with 0, 10 … 90 % blasts the last ones are suspected; the very last surely.
        return accounting.path("totals").path("classified").asInt() == PATIENTS * IMAGES
                && worklist.path("items").size() == PATIENTS
                && instance.get("/api/v1/alerts/" + SimulatedOutcomes.patientId(PATIENTS - 1) + ".1")
                                .status()
                        == 200;
    }

    private static int listedAsReviewed(ResultsInstance instance, String specimenId)
            throws IOException, InterruptedException {
        for (JsonNode item :
                JSON.readTree(instance.get("/api/v1/patients").body()).path("items")) {
            if (item.path("specimenId").asText().equals(specimenId)) {
                return item.path("cells").path("reviewed").asInt();
            }
        }
        return -1;
    }

    @Test
    void eitherAnswersEverythingAndTheOtherGoesOnWhenOneIsKilled() throws Exception {
        try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder.resolve("platform"));
                SimulatedOutcomes outcomes =
                        new SimulatedOutcomes(platform.bootstrapServers(), platform.registryUrl(), IMAGES, 60);
                ResultsInstance one = instance(platform, "1");
                ResultsInstance two = instance(platform, "2")) {
            // Given: both hold a part
            for (int patient = 0; patient < PATIENTS; patient++) {
                outcomes.publish(patient);
            }
            outcomes.flush();
            RunningSystem.await("both are ready", PATIENCE, asked(() -> one.ready() && two.ready()));
            RunningSystem.await(
                    "both hold a part", PATIENCE, asked(() -> held(one) > 0 && held(one) + held(two) == PATIENTS));
            RunningSystem.await("all is counted", PATIENCE, asked(() -> hasAll(one) && hasAll(two)));

            // Then: either says the same of every id, and in every list
            Map<String, String> before = answers(one, byId());
            assertEquals(before, answers(two, byId()));
            List<String> lists = List.of(
                    "/api/v1/patients",
                    "/api/v1/patients?state=BLASTS_SUSPECTED",
                    "/api/v1/patients?q=" + SimulatedOutcomes.specimenId(3).substring(0, 5),
                    "/api/v1/alerts",
                    "/api/v1/accounting",
                    "/api/v1/drift");
            assertEquals(answers(one, lists), answers(two, lists));
            assertTrue(answers(one, lists).get("/api/v1/accounting").contains("\"classified\":" + PATIENTS * IMAGES));

            // Then: pages too, and a label that one drew and the other takes
            for (int patient : List.of(0, 1, 2, 3)) {
                answers(one, List.of("/patients/" + SimulatedOutcomes.patientId(patient)));
                answers(two, List.of("/specimens/" + SimulatedOutcomes.specimenId(patient)));
            }
            String specimenId = SimulatedOutcomes.specimenId(5);
            ResultsInstance owner = holds(one, 5) ? one : two;
            ResultsInstance other = owner == one ? two : one;
            String specimen = "/api/v1/specimens/" + specimenId;
            owner.post(specimen + "/frames", "{\"reviewer\":\"ada\"}");
            String cellId = JSON.readTree(
                            owner.get(specimen + "/draws?reviewer=ada").body())
                    .path("items")
                    .path(0)
                    .path("cellId")
                    .asText();
            RunningSystem.await(
                    "the frame is known",
                    PATIENCE,
                    asked(() -> other.get(specimen).body().contains("\"labelled\":0")));
            long start = System.nanoTime();
            ResultsInstance.Answer labelled = other.post(
                    specimen + "/reviews",
                    JSON.writeValueAsString(Map.of("cellId", cellId, "label", "BLAST", "reviewer", "ada")));
            assertEquals(202, labelled.status(), labelled.body());
            RunningSystem.await(
                    "the label counts as drawn",
                    SEEN_WITHIN,
                    asked(() -> other.get(specimen).body().contains("\"labelled\":1")));
            RunningSystem.await("and is listed", SEEN_WITHIN, asked(() -> listedAsReviewed(other, specimenId) == 1));
            System.out.printf("a label is in the other instance's list after %d ms%n", millisSince(start));
            before = answers(one, byId());

            // When
            long killed = System.nanoTime();
            one.kill();

            // Then: while its part moves, the other says the same as before, or that it cannot say
            int refused = 0;
            int now;
            do {
                assertTrue(millisSince(killed) < PATIENCE.toMillis(), "not all is answered in time");
                now = refusals(two, before);
                refused += now;
            } while (now > 0);
            System.out.printf("all is answered again after %d ms, %d times refused%n", millisSince(killed), refused);
            assertTrue(refused > 0, "the part of the killed instance cannot have been there all the time");
            RunningSystem.await("the other is ready", PATIENCE, asked(two::ready));
            assertEquals(PATIENTS, held(two));

            // Then: when it comes back and takes a part again, both say the same, or that they cannot say
            try (ResultsInstance again = instance(platform, "1")) {
                long started = System.nanoTime();
                while (held(again) == 0
                        || held(again) + held(two) < PATIENTS
                        || refusals(again, before) + refusals(two, before) > 0) {
                    assertTrue(millisSince(started) < PATIENCE.toMillis(), "it does not take its part in time");
                    refusals(two, before);
                }
                System.out.printf("both hold a part again after %d ms%n", millisSince(started));
            }
        }
    }

    /** How many of the questions an instance cannot answer now; those that it answers it must answer as before. */
    private static int refusals(ResultsInstance instance, Map<String, String> before) throws InterruptedException {
        int refusals = 0;
        for (Map.Entry<String, String> known : before.entrySet()) {
            ResultsInstance.Answer answer = instance.get(known.getKey());
            if (answer.status() == 503 || answer.status() == 0) {
                assertTrue(answer.status() == 0 || answer.body().contains("RESULTS_NOT_READY"), answer.body());
                refusals++;
            } else {
                assertEquals(200, answer.status(), known.getKey() + ": " + answer.body());
                assertEquals(known.getValue(), answer.body(), known.getKey());
            }
        }
        return refusals;
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private ResultsInstance instance(EmbeddedPlatform platform, String name) throws IOException {
        return ResultsInstance.start(
                platform.bootstrapServers(), platform.registryUrl(), name, folder.resolve("results-" + name), SETTINGS);
    }
}
