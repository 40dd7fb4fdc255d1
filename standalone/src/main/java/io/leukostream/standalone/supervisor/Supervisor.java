package io.leukostream.standalone.supervisor;

import io.leukostream.embedded.Probe;
import io.leukostream.embedded.Provisioning;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** Starts the five components in their order, watches them, and stops them in the opposite order. */
public final class Supervisor implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(150);
    private static final Duration LIVENESS_PERIOD = Duration.ofSeconds(5);
    private static final int LIVENESS_MISSES = 3;
    private static final Duration ORPHANS_LIMIT = Duration.ofSeconds(30);
    private static final int ATTEMPTS_BEFORE_READY = 4;

    private final Installation installation;
    private final Deployment deployment;
    private final PrintStream progress;
    private final PrintStream events;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Map<Component, Child> children = new ConcurrentSkipListMap<>();
    private final List<RotatingLog> logs = new ArrayList<>();
    private volatile boolean closing;
    private volatile boolean stateIsUnwritten;
    private @Nullable Thread livenessWatch;

    private Supervisor(
            Installation installation,
            Deployment deployment,
            PrintStream progress,
            PrintStream events,
            FileChannel lockFile,
            FileLock lock) {
        this.installation = installation;
        this.deployment = deployment;
        this.progress = progress;
        this.events = events;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Starts everything and returns when all is ready.
     *
     * @param progress gets a line per component
     * @param events gets what happens later, such as the death of a child
     * @throws StartFailure if it cannot, with a sentence for the user; nothing is left running then
     */
    public static Supervisor start(
            Installation installation, Deployment deployment, PrintStream progress, PrintStream events)
            throws StartFailure, InterruptedException {
        Supervisor supervisor = null;
        try {
            supervisor = locked(installation, deployment, progress, events);
            requireRoom(deployment);
            awaitOrphans(deployment.data());
            requireFreePorts(deployment);
            supervisor.startAll();
            return supervisor;
        } catch (IOException e) {
            closeQuietly(supervisor);
            throw new StartFailure(e.getMessage() + " (data folder " + deployment.data() + ")", e);
        } catch (StartFailure | InterruptedException | RuntimeException e) {
            closeQuietly(supervisor);
            throw e;
        }
    }

    /** Stops all components, the services first, and gives the data folder free. */
    @Override
    public void close() {
        closing = true;
        if (livenessWatch != null) {
            livenessWatch.interrupt();
        }
        children.values().forEach(Child::expectEnd);
        boolean interrupted = false;
        for (Component component : List.of(Component.values()).reversed()) {
            Child child = children.get(component);
            if (child != null) {
                try {
                    child.stop();
                } catch (InterruptedException e) {
                    child.kill();
                    interrupted = true;
                }
            }
        }
        try {
            for (RotatingLog log : logs) {
                log.close();
            }
            writeState();
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            events.println("the data folder could not be closed properly: " + e.getMessage());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Supervisor locked(
            Installation installation, Deployment deployment, PrintStream progress, PrintStream events)
            throws IOException, StartFailure {
        OwnFolder.make(deployment.data(), events);
        FileChannel file = FileChannel.open(
                deployment.data().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock();
        if (lock == null) {
            file.close();
            throw new StartFailure("Leukostream already runs on " + deployment.data()
                    + "; see ./leukostream status, or stop it with ./leukostream down.");
        }
        return new Supervisor(installation, deployment, progress, events, file, lock);
    }

    // Children of a supervisor that was killed end by themselves within seconds; until then they hold ports and files.
    private static void awaitOrphans(Path data) throws IOException, InterruptedException {
        List<ProcessHandle> orphans =
                SupervisorState.read(data).map(SupervisorState::livingChildren).orElse(List.of());
        long end = System.nanoTime() + ORPHANS_LIMIT.toNanos();
        for (ProcessHandle orphan : orphans) {
            while (orphan.isAlive()) {
                if (System.nanoTime() > end) {
                    orphan.destroyForcibly();
                }
                Thread.sleep(POLL);
            }
        }
    }

    private static void requireFreePorts(Deployment deployment) throws IOException, StartFailure {
        List<Integer> ports = new ArrayList<>();
        for (Component component : Component.values()) {
            ports.add(deployment.port(component));
        }
        ports.add(deployment.controllerPort());
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (BindException e) {
                throw new StartFailure(
                        "Port " + port + " is taken by another program; choose others with --port-base.", e);
            }
        }
    }

    private static void requireRoom(Deployment deployment) throws StartFailure {
        Optional<String> problem = problem(deployment.data());
        if (problem.isPresent()) {
            throw new StartFailure(problem.get());
        }
    }

    private void startAll() throws IOException, StartFailure, InterruptedException {
        launch(Component.BROKER);
        awaitReady(Component.BROKER);
        launch(Component.REGISTRY);
        Provisioning.topics(deployment.bootstrapServers(), deployment.limit(), (short) 1);
        awaitReady(Component.REGISTRY);
        Provisioning.schemas(deployment.registryUrl());
        List<Component> services = List.of(Component.INGEST, Component.INFERENCE, Component.RESULTS);
        for (Component service : services) {
            launch(service);
        }
        for (Component service : services) {
            awaitReady(service);
        }
        livenessWatch = Thread.ofPlatform().daemon().name("liveness-watch").start(this::watchLiveness);
    }

    private void launch(Component component) throws IOException {
        Files.createDirectories(deployment.folder(component));
        RotatingLog log = new RotatingLog(deployment.log(component));
        logs.add(log);
        Child child = new Child(
                component,
                installation.command(component, deployment),
                installation.environment(component, deployment),
                deployment.temporary(component),
                log,
                new DiskRoom(deployment.data()),
                new Reporter());
        children.put(component, child);
        child.start();
    }

    private void awaitReady(Component component) throws StartFailure, InterruptedException {
        Child child = child(component);
        long start = System.nanoTime();
        while (!isReady(deployment, component)) {
            boolean tooLate = System.nanoTime() - start > READY_LIMIT.toNanos();
            if (tooLate || child.restarts() >= ATTEMPTS_BEFORE_READY) {
                throw new StartFailure("The " + component.label() + " did not become ready; its last lines in "
                        + deployment.log(component) + " are:\n  " + String.join("\n  ", child.lastLines()));
            }
            Thread.sleep(POLL);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        progress.printf(
                Locale.ROOT,
                "%-10s ready on 127.0.0.1:%d after %.1f s%n",
                component.label(),
                deployment.port(component),
                seconds);
    }

    /** Whether a component answers that it is ready. */
    public static boolean isReady(Deployment deployment, Component component) throws InterruptedException {
        return switch (component) {
            case BROKER -> brokerAnswers(deployment.bootstrapServers());
            case REGISTRY -> new Probe(deployment.registryUrl() + "/system/info").answers();
            case INGEST, INFERENCE, RESULTS -> new Probe(deployment.url(component) + "/q/health/ready").answers();
        };
    }

    /** What keeps components from running that only a person can mend, as a sentence; none where there is nothing. */
    public static Optional<String> problem(Path data) {
        DiskRoom disk = new DiskRoom(data);
        return disk.isFull() ? Optional.of(disk.complaint()) : Optional.empty();
    }

    private static boolean brokerAnswers(String bootstrapServers) throws InterruptedException {
        String[] address = bootstrapServers.split(":", 2);
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address[0], Integer.parseInt(address[1])), 500);
        } catch (IOException e) {
            return false;
        }
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers, "request.timeout.ms", 2000, "default.api.timeout.ms", 3000);
        try (Admin admin = Admin.create(settings)) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        }
    }

    // A process may live and do nothing any more: a stream that ended with an error, a lane whose thread is dead.
    private void watchLiveness() {
        Map<Component, Integer> misses = new EnumMap<>(Component.class);
        try {
            while (!closing) {
                Thread.sleep(LIVENESS_PERIOD);
                if (stateIsUnwritten) {
                    noteState();
                }
                for (Component service : List.of(Component.INGEST, Component.INFERENCE, Component.RESULTS)) {
                    Child child = child(service);
                    ProcessHandle process = ProcessHandle.of(child.pid()).orElse(null);
                    boolean young = process == null
                            || process.info()
                                    .startInstant()
                                    .map(at -> at.plus(READY_LIMIT).isAfter(Instant.now()))
                                    .orElse(true);
                    boolean lives = new Probe(deployment.url(service) + "/q/health/live").answers();
                    int missed = lives || young ? 0 : misses.merge(service, 1, Integer::sum);
                    misses.put(service, missed);
                    if (missed >= LIVENESS_MISSES && !closing) {
                        events.println(
                                service.label() + " lives and does not work (its liveness check fails): ending it");
                        misses.put(service, 0);
                        child.kill();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Child child(Component component) {
        Child child = children.get(component);
        if (child == null) {
            throw new IllegalStateException(component.label() + " was not launched");
        }
        return child;
    }

    private synchronized void writeState() throws IOException {
        List<SupervisorState.Child> states = children.values().stream()
                .map(child -> new SupervisorState.Child(child.component().label(), child.pid(), child.restarts()))
                .toList();
        new SupervisorState(ProcessHandle.current().pid(), deployment.portBase(), states).write(deployment.data());
    }

    /** Writes the state down; where that fails, once more at the next look at the components. */
    private void noteState() {
        try {
            writeState();
            stateIsUnwritten = false;
        } catch (IOException e) {
            if (!stateIsUnwritten) {
                events.println("what runs cannot be written to " + deployment.data() + ": " + e.getMessage());
            }
            stateIsUnwritten = true;
        }
    }

    private static void closeQuietly(@Nullable Supervisor supervisor) {
        if (supervisor != null) {
            supervisor.close();
        }
    }

    private final class Reporter implements Child.Watcher {
        @Override
        public void started(Child child) {
            noteState();
        }

        @Override
        public void waitsForRoom(Child child) {
            events.println(child.component().label() + " waits: " + new DiskRoom(deployment.data()).complaint());
        }

        @Override
        public void died(Child child, int exitStatus, List<String> lastLines, Duration pause) {
            if (closing) {
                return;
            }
            String name = child.component().label();
            events.println(name + " ended by itself (exit status " + exitStatus + "); its last lines in "
                    + deployment.log(child.component()) + ":");
            lastLines.stream().skip(Math.max(0, lastLines.size() - 8)).forEach(line -> events.println("  " + line));
            events.println(name + " comes back in " + pause.toMillis() + " ms");
        }
    }
}
