package io.leukostream.standalone.supervisor;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What a running supervisor leaves in its data folder for the other commands.
 *
 * @param pid the supervisor's process
 * @param portBase its port base
 * @param children its child processes
 */
public record SupervisorState(long pid, int portBase, List<Child> children) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "supervisor.json";

    /**
     * A child process.
     *
     * @param name the component's label
     * @param pid the process, or −1 while it is down
     * @param restarts how often it was brought back
     */
    public record Child(String name, long pid, int restarts) {}

    public SupervisorState {
        children = List.copyOf(children);
    }

    /** Writes the state; a reader sees the old or the new one, never half of it. */
    void write(Path data) throws IOException {
        Path next = data.resolve(FILE + ".next");
        Files.write(next, JSON.writeValueAsBytes(this));
        Files.move(next, data.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The state of the supervisor that used the folder last, dead or alive; empty if there was none. */
    public static Optional<SupervisorState> read(Path data) throws IOException {
        Path file = data.resolve(FILE);
        return Files.exists(file)
                ? Optional.of(JSON.readValue(file.toFile(), SupervisorState.class))
                : Optional.empty();
    }

    /** Whether the supervisor lives. */
    public boolean runs() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(SupervisorState::isOurs)
                .isPresent();
    }

    /** Child processes of this state that still live. */
    List<ProcessHandle> livingChildren() {
        return children.stream()
                .flatMap(child -> ProcessHandle.of(child.pid()).stream())
                .filter(ProcessHandle::isAlive)
                .filter(SupervisorState::isOurs)
                .toList();
    }

    // After a reboot a pid may belong to somebody else.
    private static boolean isOurs(ProcessHandle process) {
        return process.info().command().map(command -> command.endsWith("java")).orElse(false);
    }
}
