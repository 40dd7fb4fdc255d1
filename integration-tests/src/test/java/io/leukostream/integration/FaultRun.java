package io.leukostream.integration;

import com.fasterxml.jackson.databind.JsonNode;
import io.leukostream.integration.RunningSystem.Answer;
import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.ScanAnswer;
import io.leukostream.simulator.SimulatedScanner;
import io.leukostream.simulator.SpecimenType;
import io.leukostream.simulator.Submission;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * A stream of images through the running system while its processes are ended with SIGKILL, or halted for a while, in an
 * order that a seed draws. Images are sent again and again, shuffled, so that repeats and reordering are there too;
 * a reviewer's labels raise alerts while the killing goes on. What is held against it is the sender's own list of
 * what was answered 202 or 200, not only the system's accounting, and a run of the same images that nothing disturbed.
 */
final class FaultRun {
    private static final List<String> COMPONENTS = List.of("ingest", "inference", "results", "registry", "broker");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int LABELS = 5;
    private static final double HALTED_SHARE = 0.2;

    private final RunningSystem system;
    private final List<Path> images;
    private final Map<Path, Integer> places = new HashMap<>();
    private final int specimens;
    private final int kills;
    private final Random random;
    private final Map<String, Integer> killed = new TreeMap<>();
    private final Map<String, ScanAnswer.Accepted> accepted = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    private int halted;
    private volatile int rounds;

    /**
     * @param images shared out among the specimens in turn
     * @param kills how many processes are ended
     */
    FaultRun(RunningSystem system, List<Path> images, int specimens, int kills, long seed) {
        this.system = system;
        this.images = images;
        images.forEach(image -> places.put(image, places.size()));
        this.specimens = specimens;
        this.kills = kills;
        this.random = new Random(seed);
    }

    /** What came of it; {@code complaints} is empty where every promise was kept. */
    record Outcome(
            int sent,
            int rounds,
            int accepted,
            Map<String, Integer> killed,
            int halted,
            Duration took,
            List<String> complaints) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d files sent %d times, %d images accepted, %d kills %s, %d halts, %d s: %s",
                    sent,
                    rounds,
                    accepted,
                    killed.values().stream().mapToInt(Integer::intValue).sum(),
                    killed,
                    halted,
                    took.toSeconds(),
                    complaints.isEmpty() ? "nothing lost, nothing doubled, every verdict as undisturbed" : complaints);
        }
    }

    Outcome run() throws Exception {
        long start = System.nanoTime();
        AtomicBoolean disturbing = new AtomicBoolean(true);
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                push("D", images, 2);
                review("D");
                int round = 1;
                do {
                    List<Path> again = new ArrayList<>(images);
                    Collections.shuffle(again, new Random(round++));
                    push("D", again, 2);
                } while (disturbing.get());
                rounds = round;
            } catch (InterruptedException e) {
                complaints.add("the sender was interrupted");
            }
        });
        disturb();
        disturbing.set(false);
        sender.join();
        RunningSystem.await("all components are up again", PATIENCE, this::allUp);
        awaitOutcomes("D");

        push("U", images, 4);
        awaitOutcomes("U");
        review("U");
        check();
        return new Outcome(
                images.size(),
                rounds,
                (int) accepted.values().stream()
                        .filter(each -> each.submission().patient().startsWith("D"))
                        .count(),
                killed,
                halted,
                Duration.ofNanos(System.nanoTime() - start),
                List.copyOf(complaints));
    }

    private void disturb() throws InterruptedException, IOException {
        int done = 0;
        // Each component is ended as often as any other, in an order that is drawn anew for each round.
        List<String> deck = new ArrayList<>();
        while (done < kills) {
            Thread.sleep(1_000 + random.nextInt(5_000));
            if (deck.isEmpty()) {
                deck.addAll(COMPONENTS);
                Collections.shuffle(deck, random);
            }
            String component = deck.getLast();
            if (random.nextDouble() < HALTED_SHARE) {
                halt(component, Duration.ofMillis(1_000 + random.nextInt(6_000)));
                continue;
            }
            try {
                system.kill(component);
                killed.merge(component, 1, Integer::sum);
                deck.removeLast();
                done++;
            } catch (IllegalStateException | NoSuchElementException e) {
                // It is on its way back from the kill before; another draw follows.
                Thread.sleep(100);
            }
        }
    }

    private void halt(String component, Duration time) throws InterruptedException, IOException {
        try {
            String pid = Long.toString(system.pid(component));
            signal("STOP", pid);
            Thread.sleep(time);
            signal("CONT", pid);
            halted++;
        } catch (IllegalStateException e) {
            // It is on its way back from a kill.
            Thread.sleep(time);
        }
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
    }

    private String specimen(String run, int image) {
        return run + image % specimens;
    }

    private void push(String run, List<Path> files, int parallelism) throws InterruptedException {
        List<Submission> submissions = new ArrayList<>();
        for (Path file : files) {
            String specimen = specimen(run, places.get(file));
            submissions.add(new Submission(
                    file, specimen, specimen, SpecimenType.BONE_MARROW, ImageKind.CELL, OptionalDouble.empty(), false));
        }
        try (SimulatedScanner scanner = new SimulatedScanner(URI.create(system.ingestUrl()), parallelism, PATIENCE)) {
            scanner.push(submissions, answer -> {
                switch (answer) {
                    case ScanAnswer.Accepted each -> accepted.put(each.imageId(), each);
                    case ScanAnswer.Refused refused -> complaints.add("refused: " + refused);
                    case ScanAnswer.Failed failed -> complaints.add("no answer: " + failed);
                }
            });
        }
    }

    /** Labels the first cells of the draw of every second specimen, all of them as blasts: each raises one alert. */
    private void review(String run) throws InterruptedException {
        awaitOutcomes(run);
        for (String specimenId : reviewed(run)) {
            List<String> cells = new ArrayList<>();
            if (!holds(PATIENCE, () -> draws(specimenId, cells))) {
                complaints.add("no draw of " + specimenId);
            }
            for (String cellId : cells) {
                // A label whose answer was lost is given again: it is the same label.
                if (!holds(PATIENCE, () -> labelled(specimenId, cellId))) {
                    complaints.add("no label was taken for " + cellId);
                }
            }
        }
    }

    private boolean draws(String specimenId, List<String> cells) {
        try {
            JsonNode draws = system.get("/api/v1/specimens/" + specimenId + "/draws?reviewer=reader&count=" + LABELS);
            cells.clear();
            draws.path("items").forEach(draw -> cells.add(draw.path("cellId").asText()));
            return cells.size() == LABELS;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean labelled(String specimenId, String cellId) {
        try {
            return system.post(
                                    "/api/v1/specimens/" + specimenId + "/reviews",
                                    Map.of("cellId", cellId, "label", "BLAST", "reviewer", "reader"))
                            .statusCode()
                    == 202;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> reviewed(String run) {
        Map<String, String> codes = codes(run);
        return codes.entrySet().stream()
                .filter(entry -> Integer.parseInt(entry.getKey().substring(1)) % 2 == 0)
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The specimens' codes by the site's identifiers. */
    private Map<String, String> codes(String run) {
        Map<String, String> codes = new TreeMap<>();
        accepted.values().stream()
                .filter(each -> each.submission().specimen().startsWith(run))
                .forEach(each -> codes.put(each.submission().specimen(), each.specimenId()));
        return codes;
    }

    private void awaitOutcomes(String run) throws InterruptedException {
        Map<String, Integer> expected = new HashMap<>();
        accepted.values().stream()
                .filter(each -> each.submission().specimen().startsWith(run))
                .forEach(each -> expected.merge(each.specimenId(), 1, Integer::sum));
        RunningSystem.await(
                "all outcomes of " + run,
                PATIENCE,
                () -> expected.entrySet().stream().allMatch(entry -> counts(entry.getKey(), entry.getValue())));
    }

    private boolean counts(String specimenId, int outcomes) {
        try {
            JsonNode sums = system.get("/api/v1/specimens/" + specimenId).path("images");
            return sums.path("classified").asInt() + sums.path("rejected").asInt() == outcomes
                    && sums.path("pending").asInt() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean allUp() {
        try {
            Answer status = system.command("status", "--json");
            if (status.status() != 0) {
                return false;
            }
            for (JsonNode component : status.json().path("components")) {
                if (!component.path("health").asText().equals("UP")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check() throws Exception {
        for (ScanAnswer.Accepted each : accepted.values()) {
            JsonNode image = system.get("/api/v1/images/" + each.imageId());
            if (!image.path("outcome").asText().equals("CLASSIFIED")) {
                complaints.add("answered 202 and " + image.path("outcome").asText() + ": " + each.imageId() + " "
                        + image.path("reason").asText());
            }
        }
        Answer reconcile = system.command("reconcile", "--json");
        if (reconcile.status() != 0) {
            complaints.add("reconcile: " + reconcile.out());
        }
        Map<String, String> disturbed = codes("D");
        Map<String, String> undisturbed = codes("U");
        for (int k = 0; k < specimens; k++) {
            settled("the verdicts of specimen " + k, disturbed.get("D" + k), undisturbed.get("U" + k));
        }
        alerts("D");
        alerts("U");
    }

    private void settled(String what, String one, String other) throws InterruptedException {
        if (!holds(Duration.ofSeconds(30), () -> evidenceHash(one).equals(evidenceHash(other)))) {
            complaints.add(what + " differ: " + evidenceHash(one) + " and " + evidenceHash(other));
        }
    }

    private String evidenceHash(String specimenId) {
        try {
            return system.get("/api/v1/specimens/" + specimenId)
                    .path("evidenceHash")
                    .asText();
        } catch (IOException e) {
            return "unknown: " + e.getMessage();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One alert for each patient whose specimen was reviewed, raised once; none for anybody else. */
    private void alerts(String run) throws Exception {
        Set<String> suspects = new HashSet<>();
        Set<String> reviewed = new HashSet<>(reviewed(run));
        Set<String> patients = new HashSet<>();
        for (ScanAnswer.Accepted each : accepted.values()) {
            if (each.submission().specimen().startsWith(run)) {
                patients.add(each.patientId());
                if (reviewed.contains(each.specimenId())) {
                    suspects.add(each.patientId());
                }
            }
        }
        if (!holds(Duration.ofSeconds(30), () -> alerted(patients).equals(suspects))) {
            complaints.add("alerts of " + run + ": " + alerted(patients) + ", not " + suspects);
        }
        for (String patient : suspects) {
            JsonNode history = system.get("/api/v1/alerts/" + patient + ".1").path("history");
            long raised = 0;
            for (JsonNode step : history) {
                raised += step.path("state").asText().equals("RAISED") ? 1 : 0;
            }
            if (raised != 1) {
                complaints.add("alert " + patient + ".1 was raised " + raised + " times");
            }
        }
    }

    private Set<String> alerted(Set<String> patients) {
        Set<String> alerted = new HashSet<>();
        try {
            for (JsonNode alert : system.get("/api/v1/alerts").path("items")) {
                String patient = alert.path("patientId").asText();
                if (patients.contains(patient) && !alerted.add(patient)) {
                    alerted.add(patient + " twice");
                }
            }
        } catch (IOException e) {
            alerted.add("unknown: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return alerted;
    }

    private static boolean holds(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(200);
        }
        return true;
    }
}
