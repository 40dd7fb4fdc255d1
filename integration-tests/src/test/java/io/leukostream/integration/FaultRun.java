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
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * A stream of images through the running system while everything goes wrong that a seed draws: processes are ended with
 * SIGKILL, or halted for a while; the registry is away; each connection between the sender and ingest breaks in the middle
 * of a request or of an answer; all connections of a process to the broker break at once; the wall clock of a service jumps
 * by an hour and a half; images and receipts that lie in the log are published again, shuffled. Images are sent again and
 * again, shuffled, so that repeats and reordering are there too; a reviewer's labels raise alerts meanwhile. What is held
 * against it is the sender's own list of what was answered 202 or 200, not only the system's accounting, and a run of the
 * same images that nothing disturbed.
 */
final class FaultRun {
    private static final List<String> COMPONENTS = List.of("ingest", "inference", "results", "registry", "broker");
    private static final List<String> CLIENTS = List.of("ingest", "inference", "results");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration JUMP = Duration.ofMinutes(90);
    private static final int LABELS = 5;
    private static final int TRIES = 20;

    private final RunningSystem system;
    private final ServiceClocks clocks;
    private final List<Path> images;
    private final Map<Path, Integer> places = new HashMap<>();
    private final int specimens;
    private final Faults faults;
    private final Random random;
    private final Map<String, Integer> killed = new TreeMap<>();
    private final Map<String, ScanAnswer.Accepted> accepted = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    private final Map<String, Duration> offsets = new HashMap<>();
    private final List<String> deck = new ArrayList<>();
    private Thread registryAway = Thread.ofVirtual().unstarted(() -> {});
    private int halted;
    private int cut;
    private int jumps;
    private int repeated;
    private int lostRequests;
    private int lostAnswers;
    private volatile int rounds;

    /**
     * What goes wrong, in an order that the seed draws. Clocks and the connections of a process to the broker are left alone
     * where the machine does not allow it, and the outcome says so.
     *
     * @param kills processes ended with SIGKILL
     * @param halts processes stopped for some seconds
     * @param cuts how often all connections of a process to the broker break
     * @param jumps of a service's clock
     * @param redeliveries how often old images and receipts are published again
     * @param registryAway how long the registry does not answer, once
     * @param longestPause between two of these
     */
    record Faults(
            int kills,
            int halts,
            int cuts,
            int jumps,
            int redeliveries,
            Duration registryAway,
            Duration longestPause,
            long seed) {}

    private enum Fault {
        KILL,
        HALT,
        CUT,
        JUMP,
        REDELIVERY,
        REGISTRY_AWAY
    }

    /**
     * @param clocks those that the system was started with
     * @param images shared out among the specimens in turn
     */
    FaultRun(RunningSystem system, ServiceClocks clocks, List<Path> images, int specimens, Faults faults) {
        this.system = system;
        this.clocks = clocks;
        this.images = images;
        images.forEach(image -> places.put(image, places.size()));
        this.specimens = specimens;
        this.faults = faults;
        this.random = new Random(faults.seed());
    }

    /** What came of it; {@code complaints} is empty where every promise was kept. */
    record Outcome(int sent, int rounds, int accepted, String faults, Duration took, List<String> complaints) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d files sent %d times, %d images accepted, %s, %d s: %s",
                    sent,
                    rounds,
                    accepted,
                    faults,
                    took.toSeconds(),
                    complaints.isEmpty() ? "nothing lost, nothing doubled, every verdict as undisturbed" : complaints);
        }
    }

    Outcome run() throws Exception {
        long start = System.nanoTime();
        AtomicBoolean disturbing = new AtomicBoolean(true);
        try (CuttingRelay relay = CuttingRelay.to(URI.create(system.ingestUrl()).getPort(), faults.seed())) {
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    push("D", relay.url(), images, 2);
                    review("D");
                    int round = 1;
                    do {
                        List<Path> again = new ArrayList<>(images);
                        Collections.shuffle(again, new Random(round++));
                        push("D", relay.url(), again, 2);
                    } while (disturbing.get());
                    rounds = round;
                } catch (InterruptedException e) {
                    complaints.add("the sender was interrupted");
                }
            });
            disturb();
            disturbing.set(false);
            sender.join();
            lostRequests = relay.cutsInRequests();
            lostAnswers = relay.cutsInAnswers();
        }
        RunningSystem.await("all components are up again", PATIENCE, this::allUp);
        awaitOutcomes("D");

        push("U", system.ingestUrl(), images, 4);
        awaitOutcomes("U");
        review("U");
        check();
        return new Outcome(
                images.size(),
                rounds,
                (int) accepted.values().stream()
                        .filter(each -> each.submission().patient().startsWith("D"))
                        .count(),
                figures(),
                Duration.ofNanos(System.nanoTime() - start),
                List.copyOf(complaints));
    }

    private String figures() {
        return String.format(
                Locale.ROOT,
                "%d kills %s, %d halts, registry away %d s, %d requests and %d answers cut, %d connections to the broker cut%s,"
                        + " %d jumps of a clock%s, %d records published again",
                killed.values().stream().mapToInt(Integer::intValue).sum(),
                killed,
                halted,
                faults.registryAway().toSeconds(),
                lostRequests,
                lostAnswers,
                cut,
                cut == 0 && faults.cuts() > 0 ? " (this machine has no ss, or does not let it cut)" : "",
                jumps,
                clocks.canJump() ? "" : " (no libfaketime here: install faketime)",
                repeated);
    }

    private void disturb() throws Exception {
        List<Fault> plan = new ArrayList<>();
        plan.addAll(Collections.nCopies(faults.kills(), Fault.KILL));
        plan.addAll(Collections.nCopies(faults.halts(), Fault.HALT));
        plan.addAll(Collections.nCopies(faults.cuts(), Fault.CUT));
        plan.addAll(Collections.nCopies(clocks.canJump() ? faults.jumps() : 0, Fault.JUMP));
        plan.addAll(Collections.nCopies(faults.redeliveries(), Fault.REDELIVERY));
        plan.addAll(Collections.nCopies(faults.registryAway().isPositive() ? 1 : 0, Fault.REGISTRY_AWAY));
        Collections.shuffle(plan, random);
        Redelivery redelivery = new Redelivery(system.bootstrapServers());
        BrokerConnections connections = new BrokerConnections(system.bootstrapServers());
        for (Fault fault : plan) {
            Thread.sleep(500 + random.nextInt((int) faults.longestPause().toMillis()));
            switch (fault) {
                case KILL -> kill();
                case HALT ->
                    halt(
                            COMPONENTS.get(random.nextInt(COMPONENTS.size())),
                            Duration.ofMillis(1_000 + random.nextInt(6_000)));
                case CUT -> {
                    String client = CLIENTS.get(random.nextInt(CLIENTS.size()));
                    cut += untilSome(() -> connections.cut(system.pid(client)));
                }
                case JUMP -> jump();
                case REDELIVERY -> repeated += untilSome(() -> redelivery.repeat(random));
                case REGISTRY_AWAY -> leaveWithoutRegistry();
            }
        }
        registryAway.join();
        for (String service : offsets.keySet()) {
            clocks.set(service, Duration.ZERO);
        }
    }

    /** Tries a few times where there is nothing yet to disturb: what is needed for it is on its way back. */
    private static int untilSome(Callable<Integer> fault) throws Exception {
        int done = fault.call();
        for (int k = 1; done == 0 && k < TRIES; k++) {
            Thread.sleep(1_000);
            done = fault.call();
        }
        return done;
    }

    /** Each component is ended as often as any other, in an order that is drawn anew for each round. */
    private void kill() throws InterruptedException, IOException {
        if (deck.isEmpty()) {
            deck.addAll(COMPONENTS);
            Collections.shuffle(deck, random);
        }
        String component = deck.removeLast();
        if (component.equals("registry")) {
            registryAway.join();
        }
        while (true) {
            try {
                system.kill(component);
                killed.merge(component, 1, Integer::sum);
                return;
            } catch (NoSuchElementException e) {
                // It is on its way back from the kill before.
                Thread.sleep(100);
            }
        }
    }

    /** A clock that is right goes wrong, ahead or behind; one that is wrong jumps to another time, or is set right. */
    private void jump() throws IOException {
        String service = ServiceClocks.SERVICES.get(random.nextInt(ServiceClocks.SERVICES.size()));
        List<Duration> others = new ArrayList<>(List.of(Duration.ZERO, JUMP, JUMP.negated()));
        others.remove(offsets.getOrDefault(service, Duration.ZERO));
        Duration offset = others.get(random.nextInt(others.size()));
        offsets.put(service, offset);
        clocks.set(service, offset);
        jumps++;
    }

    private void leaveWithoutRegistry() {
        registryAway = Thread.ofVirtual().start(() -> {
            try {
                halt("registry", faults.registryAway());
            } catch (IOException | InterruptedException e) {
                complaints.add("the registry could not be halted: " + e);
            }
        });
    }

    private void halt(String component, Duration time) throws InterruptedException, IOException {
        if (component.equals("registry") && !Thread.currentThread().equals(registryAway)) {
            registryAway.join();
        }
        if (system.whileHalted(component, () -> Thread.sleep(time))) {
            halted++;
        }
    }

    private String specimen(String run, int image) {
        return run + image % specimens;
    }

    private void push(String run, String ingest, List<Path> files, int parallelism) throws InterruptedException {
        List<Submission> submissions = new ArrayList<>();
        for (Path file : files) {
            String specimen = specimen(run, places.get(file));
            submissions.add(new Submission(
                    file, specimen, specimen, SpecimenType.BONE_MARROW, ImageKind.CELL, OptionalDouble.empty(), false));
        }
        try (SimulatedScanner scanner = new SimulatedScanner(URI.create(ingest), parallelism, PATIENCE)) {
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
            system.post("/api/v1/specimens/" + specimenId + "/frames", Map.of("reviewer", "reader"));
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
