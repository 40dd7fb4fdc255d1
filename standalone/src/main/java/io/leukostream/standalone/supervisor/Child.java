package io.leukostream.standalone.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One component's process, brought back with growing pauses whenever it ends by itself. */
final class Child {
    /** Is told what happens to a child. */
    interface Watcher {
        /** The process was started, for the first time or again. */
        void started(Child child);

        /** The process ended by itself and comes back after the pause. */
        void died(Child child, int exitStatus, List<String> lastLines, Duration pause);

        /** The disk is full, and the process is not started again before there is room. */
        void waitsForRoom(Child child);
    }

    private static final String PREVIOUS_EXIT = "LEUKOSTREAM_PREVIOUS_EXIT";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration STEADY = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS_AT_DISK = Duration.ofSeconds(2);

    private final Component component;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path temporary;
    private final RotatingLog log;
    private final DiskRoom disk;
    private final Watcher watcher;
    private volatile boolean stopping;
    private volatile @Nullable Process process;
    private volatile @Nullable Process endedHere;
    private final AtomicInteger restarts = new AtomicInteger();

    Child(
            Component component,
            List<String> command,
            Map<String, String> environment,
            Path temporary,
            RotatingLog log,
            DiskRoom disk,
            Watcher watcher) {
        this.component = component;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.temporary = temporary;
        this.log = log;
        this.disk = disk;
        this.watcher = watcher;
    }

    Component component() {
        return component;
    }

    int restarts() {
        return restarts.get();
    }

    /** The process, or −1 while there is none. */
    long pid() {
        Process current = process;
        return current != null && current.isAlive() ? current.pid() : -1;
    }

    List<String> lastLines() {
        return log.tail();
    }

    /** Starts the process and keeps it running until {@link #stop()}. */
    void start() throws IOException {
        Process first = launch();
        Thread.ofPlatform().daemon().name(component.label() + "-child").start(() -> keepRunning(first));
    }

    /** From now on an end of the process is its last. */
    void expectEnd() {
        stopping = true;
    }

    /** Asks the process to end, and makes it end when it does not. */
    void stop() throws InterruptedException {
        expectEnd();
        Process current = process;
        if (current == null) {
            return;
        }
        end(current);
    }

    /** Asks a process to end, makes it end when it does not, and waits until it has. */
    static void end(Process process) throws InterruptedException {
        // Through the handle: Process.destroy() would also close the pipe from which the last lines come.
        process.toHandle().destroy();
        if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            process.toHandle().destroyForcibly();
            process.waitFor();
        }
    }

    /** Ends a process that lives and no longer works; it comes back as after any death. */
    void kill() {
        Process current = process;
        if (current != null) {
            endedHere = current;
            current.toHandle().destroyForcibly();
        }
    }

    private void keepRunning(Process first) {
        Process current = first;
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                long startedAt = System.nanoTime();
                log.drain(current);
                int status = current.waitFor();
                if (stopping) {
                    return;
                }
                boolean steady = System.nanoTime() - startedAt > STEADY.toNanos();
                pause = steady ? FIRST_PAUSE : pause;
                watcher.died(this, status, log.tail(), pause);
                Thread.sleep(pause);
                awaitRoom();
                if (stopping) {
                    return;
                }
                restarts.incrementAndGet();
                current = launch();
                Duration longer = pause.multipliedBy(2);
                pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(component.label() + " cannot be started again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitRoom() throws InterruptedException {
        if (disk.isFull()) {
            watcher.waitsForRoom(this);
        }
        while (!stopping && disk.isFull()) {
            Thread.sleep(BETWEEN_LOOKS_AT_DISK);
        }
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(OwnSession.of(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process before = process;
        if (before != null && !before.isAlive() && !before.equals(endedHere)) {
            // Whether a signal of somebody's or a crash ended it: the process that comes after cannot know. One that
            // was ended
            // here stood still over what it did, which is as a crash.
            builder.environment().put(PREVIOUS_EXIT, Integer.toString(before.exitValue()));
        }
        OwnFolder.clear(temporary);
        log.forgetTail();
        Process started = builder.start();
        process = started;
        watcher.started(this);
        if (stopping) {
            started.toHandle().destroy();
        }
        return started;
    }
}
