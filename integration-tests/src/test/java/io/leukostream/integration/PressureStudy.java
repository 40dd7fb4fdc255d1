package io.leukostream.integration;

import com.fasterxml.jackson.databind.JsonNode;
import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.ScanAnswer;
import io.leukostream.simulator.SimulatedScanner;
import io.leukostream.simulator.SpecimenType;
import io.leukostream.simulator.Submission;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;

/**
 * More than the system can take, on loopback: inference that does not go on, a burst of images, images of the largest size all
 * at once, senders that send a byte a second, and a disk that fills up. Everything that was accepted must have its outcome in
 * the end. Prints figures, which stand in {@code docs/guarantees.md}; ends with 1 where something was lost.
 *
 * <p>Run as {@link FaultStudy}: {@code io.leukostream.integration.PressureStudy [stopped 2000] [burst 20000] [large 40] [slow 200]
 * [disk]}, the parts that are named, each with its number. The disk is a small tmpfs and needs root.
 */
public final class PressureStudy {
    private static final Duration PATIENCE = Duration.ofMinutes(40);
    private static final int CONNECTIONS = 500;
    private static final int INGEST_PORT = 1;
    private static final int SPECIMENS = 20;
    private static final int SLOW_BYTES = 240;
    private static final int CELL_PX = 64;
    private static final int LARGE_PX = 2_800;
    private static final long DISK_BYTES = 2_000L << 20;
    private static final long MIN_FREE_BYTES = 400L << 20;

    private final RunningSystem system;
    private final Path folder;
    private final Map<String, String> images = new ConcurrentHashMap<>();
    private boolean kept = true;

    private PressureStudy(RunningSystem system, Path folder) {
        this.system = system;
        this.folder = folder;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        List<String> parts = arguments.length > 0
                ? List.of(arguments)
                : List.of("stopped", "2000", "burst", "20000", "large", "40", "slow", "200", "disk");
        Path folder = Files.createTempDirectory("leukostream-pressure");
        boolean kept = true;
        if (!parts.getFirst().equals("disk")) {
            try (RunningSystem system = RunningSystem.start(folder.resolve("data"))) {
                PressureStudy study = new PressureStudy(system, folder);
                study.stopped(number(parts, "stopped"));
                study.burst("burst", number(parts, "burst"), CELL_PX, CONNECTIONS);
                study.burst("large", number(parts, "large"), LARGE_PX, number(parts, "large"));
                study.slow(number(parts, "slow"));
                study.reconcile();
                kept = study.kept;
            }
        }
        if (parts.contains("disk")) {
            kept &= onSmallDisk(folder);
        }
        System.exit(kept ? 0 : 1);
    }

    private static int number(List<String> parts, String part) {
        int at = parts.indexOf(part);
        return at < 0 ? 0 : Integer.parseInt(parts.get(at + 1));
    }

    private void stopped(int count) throws Exception {
        if (count == 0) {
            return;
        }
        List<Path> files = draw("stopped", count, CELL_PX);
        system.whileHalted("inference", () -> {
            Pushed pushed = push("stopped", files, CONNECTIONS / 10);
            say(
                    "stopped",
                    "%s; accounting meanwhile: %s",
                    pushed,
                    system.get("/api/v1/accounting").path("totals"));
        });
        awaitOutcomes("stopped");
    }

    private void burst(String name, int count, int sidePx, int connections) throws Exception {
        if (count == 0) {
            return;
        }
        List<Path> files = draw(name, count, sidePx);
        Memory memory = new Memory(system.pid("ingest"), system);
        Pushed pushed;
        try (memory) {
            pushed = push(name, files, connections);
        }
        say(name, "%s; ingest: %s; refused for the time being: %s", pushed, memory, refusals());
        awaitOutcomes(name);
    }

    /** Half of the slow senders never end their headers, half never end a body that they announced; good ones push meanwhile. */
    private void slow(int count) throws Exception {
        if (count == 0) {
            return;
        }
        List<Path> files = draw("slow", 200, CELL_PX);
        Memory memory = new Memory(system.pid("ingest"), system);
        ConcurrentLinkedQueue<String> ends = new ConcurrentLinkedQueue<>();
        List<Thread> senders = new ArrayList<>();
        Pushed pushed;
        try (memory) {
            for (int k = 0; k < count; k++) {
                boolean headersOnly = k % 2 == 0;
                senders.add(Thread.ofVirtual().start(() -> ends.add(sendSlowly(headersOnly))));
            }
            List<Socket> idle = new ArrayList<>();
            for (int k = 0; k < CONNECTIONS; k++) {
                Socket socket = new Socket();
                socket.connect(ingest());
                idle.add(socket);
            }
            Thread.sleep(Duration.ofSeconds(5));
            pushed = push("slow", files, 4);
            say(
                    "slow",
                    "beside %d slow senders and %d idle connections: %s; ingest: %s",
                    count,
                    idle.size(),
                    pushed,
                    memory);
            for (Thread sender : senders) {
                sender.join();
            }
            for (Socket socket : idle) {
                socket.close();
            }
        }
        Map<String, Integer> kinds = new HashMap<>();
        ends.forEach(end -> kinds.merge(end, 1, Integer::sum));
        say("slow", "how slow senders ended: %s", kinds);
        awaitOutcomes("slow");
    }

    private InetSocketAddress ingest() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), URI.create(system.ingestUrl()).getPort());
    }

    private String sendSlowly(boolean headersOnly) {
        long start = System.nanoTime();
        List<String> lines = List.of(
                "POST /api/v1/images HTTP/1.1",
                "Host: ingest",
                "Content-Type: multipart/form-data; boundary=slow",
                "Content-Length: 100000",
                "");
        String head = String.join("\r\n", lines);
        try (Socket socket = new Socket()) {
            socket.connect(ingest());
            socket.setSoTimeout(1_000);
            if (!headersOnly) {
                socket.getOutputStream().write((head + "\r\n--slow\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            int sent = 0;
            while (sent < SLOW_BYTES) {
                socket.getOutputStream().write(headersOnly && sent < head.length() ? head.charAt(sent) : 'x');
                try {
                    int first = socket.getInputStream().read();
                    return (headersOnly ? "headers" : "body") + (first < 0 ? " closed" : " answered") + " after "
                            + Math.round((System.nanoTime() - start) / 1e10) * 10 + " s";
                } catch (SocketTimeoutException e) {
                    // Nothing was said within the second: on to the next byte.
                    sent++;
                }
            }
            return (headersOnly ? "headers" : "body") + " still taken after " + sent + " s";
        } catch (IOException e) {
            return (headersOnly ? "headers" : "body") + " closed after "
                    + Math.round((System.nanoTime() - start) / 1e10) * 10 + " s";
        }
    }

    /** Fills a small disk: with images until ingest refuses, then with something else until nothing can run. */
    private static boolean onSmallDisk(Path folder) throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        if (run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", disk.toString()) != 0) {
            System.out.println("disk: skipped, this machine does not let a tmpfs be mounted");
            return true;
        }
        Map<String, String> environment = Map.of("LEUKOSTREAM_DISK_MIN_FREE_BYTES", Long.toString(MIN_FREE_BYTES));
        try (RunningSystem system = RunningSystem.start(disk.resolve("data"), environment)) {
            PressureStudy study = new PressureStudy(system, folder);
            study.disk(disk);
            study.reconcile();
            return study.kept;
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private void disk(Path disk) throws Exception {
        List<Path> files = draw("disk", 60, LARGE_PX / 2);
        say("disk", "%d MiB, free %d MiB when the system is up", DISK_BYTES >> 20, free(disk) >> 20);
        Pushed first = push("disk", files.subList(0, 30), 4);
        Path ballast = disk.resolve("ballast");
        fill(ballast, free(disk) - MIN_FREE_BYTES + (8 << 20));
        HttpResponse<String> refused = postOne(files.get(30));
        say(
                "disk",
                "%s; with %d MiB free: %d %s, Retry-After %s",
                first,
                free(disk) >> 20,
                refused.statusCode(),
                code(refused),
                refused.headers().firstValue("Retry-After").orElse("missing"));
        kept &= refused.statusCode() == 503 && code(refused).equals("DISK_LOW");
        awaitOutcomes("disk");

        fill(ballast, DISK_BYTES);
        system.kill("inference");
        system.kill("broker");
        Thread.sleep(Duration.ofSeconds(20));
        String told = system.command("status").out();
        int restarts = restarts();
        Thread.sleep(Duration.ofSeconds(20));
        say("disk", "full, broker and inference killed: status says%n%s", told);
        say("disk", "%d restarts within 20 s of it", restarts() - restarts);
        kept &= told.contains("disk full") && restarts() == restarts;

        Files.delete(ballast);
        long start = System.nanoTime();
        RunningSystem.await("all components are up again", PATIENCE, this::allUp);
        say(
                "disk",
                "all up %d s after there was room",
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
        Pushed second = push("disk", files, 4);
        say("disk", "%s", second);
        awaitOutcomes("disk");
    }

    private int restarts() throws IOException, InterruptedException {
        int restarts = 0;
        for (JsonNode component : system.command("status", "--json").json().path("components")) {
            restarts += component.path("restarts").asInt();
        }
        return restarts;
    }

    private boolean allUp() {
        try {
            return system.command("status").status() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> postOne(Path file) throws IOException, InterruptedException {
        String boundary = "one";
        String fields = "";
        for (String field : List.of("patient=refused", "specimen=refused", "specimenType=BONE_MARROW", "kind=CELL")) {
            String[] parts = field.split("=", 2);
            fields += "--one\r\nContent-Disposition: form-data; name=\"" + parts[0] + "\"\r\n\r\n" + parts[1] + "\r\n";
        }
        fields += "--one\r\nContent-Disposition: form-data; name=\"image\"; filename=\"image\"\r\n\r\n";
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(system.ingestUrl() + "/api/v1/images"))
                            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                            .POST(HttpRequest.BodyPublishers.concat(
                                    HttpRequest.BodyPublishers.ofString(fields),
                                    HttpRequest.BodyPublishers.ofFile(file),
                                    HttpRequest.BodyPublishers.ofString("\r\n--one--\r\n")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String code(HttpResponse<String> problem) {
        int at = problem.body().indexOf("\"code\":\"");
        return at < 0 ? "" : problem.body().substring(at + 8, problem.body().indexOf('"', at + 8));
    }

    private static long free(Path disk) throws IOException {
        return Files.getFileStore(disk).getUsableSpace();
    }

    /** Writes so many bytes, or until there is no room. */
    private static void fill(Path file, long bytes) throws IOException {
        byte[] block = new byte[1 << 20];
        try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long k = 0; k < bytes; k += block.length) {
                out.write(block);
            }
        } catch (IOException e) {
            System.out.println("disk: " + e.getMessage());
        }
    }

    /** What was answered to a burst. */
    private record Pushed(int files, int accepted, int attempts, List<String> others, Duration took) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d files, %d accepted after %d attempts in %.1f s%s",
                    files,
                    accepted,
                    attempts,
                    took.toMillis() / 1e3,
                    others.isEmpty() ? "" : ", others: " + others);
        }
    }

    private Pushed push(String name, List<Path> files, int connections) throws InterruptedException {
        List<Submission> submissions = new ArrayList<>();
        for (int k = 0; k < files.size(); k++) {
            String specimen = name + k % SPECIMENS;
            submissions.add(new Submission(
                    files.get(k),
                    specimen,
                    specimen,
                    SpecimenType.BONE_MARROW,
                    ImageKind.CELL,
                    OptionalDouble.empty(),
                    false));
        }
        AtomicInteger attempts = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();
        long start = System.nanoTime();
        Map<String, String> specimens = new ConcurrentHashMap<>();
        try (SimulatedScanner scanner = new SimulatedScanner(URI.create(system.ingestUrl()), connections, PATIENCE)) {
            scanner.push(submissions, answer -> {
                switch (answer) {
                    case ScanAnswer.Accepted each -> {
                        answered.incrementAndGet();
                        attempts.addAndGet(each.attempts());
                        specimens.put(each.imageId(), each.specimenId());
                    }
                    case ScanAnswer.Refused refused -> others.add(refused.code());
                    case ScanAnswer.Failed failed -> others.add(failed.cause());
                }
            });
        }
        specimens.forEach((imageId, specimenId) -> images.put(imageId, specimenId));
        kept &= others.isEmpty();
        return new Pushed(
                files.size(),
                answered.get(),
                attempts.get(),
                others.stream().limit(5).toList(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private void awaitOutcomes(String name) throws InterruptedException {
        Map<String, Integer> accepted = new HashMap<>();
        images.values().forEach(specimen -> accepted.merge(specimen, 1, Integer::sum));
        long start = System.nanoTime();
        RunningSystem.await(
                "all outcomes of " + name,
                PATIENCE,
                () -> accepted.entrySet().stream().allMatch(each -> counts(each.getKey(), each.getValue())));
        say(
                name,
                "every accepted image has its outcome %d s later",
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    private boolean counts(String specimenId, int outcomes) {
        try {
            JsonNode sums = system.get("/api/v1/specimens/" + specimenId).path("images");
            boolean all =
                    sums.path("classified").asInt() + sums.path("rejected").asInt() == outcomes
                            && sums.path("pending").asInt() == 0;
            if (!all) {
                Thread.sleep(500);
            }
            return all;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void reconcile() throws IOException, InterruptedException {
        RunningSystem.Answer answer = system.command("reconcile", "--json");
        say("reconcile", "exit status %d over %d images of the senders' lists", answer.status(), images.size());
        kept &= answer.status() == 0;
    }

    private Map<String, String> refusals() throws IOException, InterruptedException {
        Map<String, String> refusals = new HashMap<>();
        for (String line : system.metrics(INGEST_PORT).split("\n", -1)) {
            if (line.startsWith("leukostream_") && line.contains("code=")) {
                refusals.put(
                        line.substring(line.indexOf('{'), line.indexOf('}') + 1),
                        line.substring(line.lastIndexOf(' ')).strip());
            }
        }
        return refusals;
    }

    /** Files of noise around a disc, each of its own seed, so that all bytes are distinct. */
    private List<Path> draw(String name, int count, int sidePx) throws IOException {
        Path into = Files.createDirectories(folder.resolve("images").resolve(name));
        List<Path> files = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            Random random = new Random(31L * name.hashCode() + k);
            BufferedImage image = new BufferedImage(sidePx, sidePx, BufferedImage.TYPE_3BYTE_BGR);
            int middle = sidePx / 2;
            for (int y = 0; y < sidePx; y++) {
                for (int x = 0; x < sidePx; x++) {
                    boolean nucleus = Math.hypot(x - middle, y - middle) < middle * 0.6;
                    int noise = random.nextInt(24);
                    image.setRGB(x, y, nucleus ? 0x5a2f80 + noise : 0xe0d8dc + noise);
                }
            }
            Path file = into.resolve(k + ".bmp");
            ImageIO.write(image, "bmp", file.toFile());
            files.add(file);
        }
        return files;
    }

    private static void say(String part, String format, Object... values) {
        System.out.printf(Locale.ROOT, "%s: " + format + "%n", prefixed(part, values));
    }

    private static Object[] prefixed(String part, Object[] values) {
        List<Object> all = new ArrayList<>(List.of(part));
        all.addAll(List.of(values));
        return all.toArray();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** The most memory that a process had while this was open, looked at four times a second. */
    private static final class Memory implements AutoCloseable {
        private final long pid;
        private final RunningSystem system;
        private final CompletableFuture<Void> watch;
        private volatile boolean open = true;
        private volatile long residentKib;
        private volatile long heapBytes;
        private int missed;

        Memory(long pid, RunningSystem system) {
            this.pid = pid;
            this.system = system;
            this.watch = CompletableFuture.runAsync(this::look);
        }

        private void look() {
            while (open) {
                try {
                    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                        if (line.startsWith("VmRSS:")) {
                            residentKib = Math.max(residentKib, Long.parseLong(line.replaceAll("\\D", "")));
                        }
                    }
                    double heap = 0;
                    for (String line : system.metrics(INGEST_PORT).split("\n", -1)) {
                        if (line.startsWith("jvm_memory_used_bytes{area=\"heap\"")) {
                            heap += Double.parseDouble(line.substring(line.lastIndexOf(' ')));
                        }
                    }
                    heapBytes = Math.max(heapBytes, (long) heap);
                    Thread.sleep(250);
                } catch (IOException e) {
                    // It is too busy to answer, or on its way back.
                    missed++;
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        @Override
        public void close() {
            open = false;
            watch.join();
        }

        @Override
        public String toString() {
            return "at most " + (heapBytes >> 20) + " MiB of heap in use, " + (residentKib >> 10) + " MiB resident"
                    + (missed > 0 ? " (" + missed + " looks failed)" : "");
        }
    }
}
