package io.leukostream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.standalone.supervisor.Component;
import io.leukostream.standalone.supervisor.Deployment;
import io.leukostream.standalone.supervisor.Installation;
import io.leukostream.standalone.supervisor.Supervisor;
import io.leukostream.standalone.supervisor.SupervisorState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how each component is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says how each component is. Exit status 0 if all are up, 1 if one is not, 4 if nothing runs.")
public final class StatusCommand implements Callable<Integer> {
    /**
     * One component as the JSON shows it; no pid and health DOWN while it does not run. A number that stands for none would
     * be a process's, or every process's, to whoever hands it on to {@code kill}.
     */
    record ComponentStatus(String name, int port, @Nullable Long pid, String health, String version, int restarts) {}

    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SupervisorState state = data.state().orElse(null);
        boolean running = state != null && state.runs();
        Optional<String> problem = state == null ? Optional.empty() : Supervisor.problem(data.folder());
        List<ComponentStatus> components = new ArrayList<>();
        if (state != null) {
            Deployment deployment = new Deployment(data.folder(), state.portBase(), DataOption.imageLimit());
            for (Component component : Component.values()) {
                components.add(status(deployment, component, state, running));
            }
        }
        if (json) {
            Map<String, Object> status = new LinkedHashMap<>(Map.of("components", components));
            problem.ifPresent(sentence -> status.put("problem", sentence));
            System.out.println(new ObjectMapper().writeValueAsString(status));
        } else if (!running) {
            System.out.println("Nothing runs on " + data.folder());
        } else {
            System.out.printf("%-10s %6s %8s  %-9s %-15s %s%n", "", "port", "process", "health", "version", "restarts");
            for (ComponentStatus c : components) {
                System.out.printf(
                        "%-10s %6d %8s  %-9s %-15s %d%n",
                        c.name, c.port, c.pid == null ? "none" : c.pid, c.health, c.version, c.restarts);
            }
            problem.ifPresent(System.out::println);
        }
        if (!running) {
            return ExitCode.UNREACHABLE;
        }
        return components.stream().allMatch(c -> c.health.equals("UP")) ? ExitCode.OK : ExitCode.FAILED;
    }

    private static ComponentStatus status(
            Deployment deployment, Component component, SupervisorState state, boolean running)
            throws InterruptedException {
        SupervisorState.Child child = state.children().stream()
                .filter(c -> c.name().equals(component.label()))
                .findFirst()
                .orElse(new SupervisorState.Child(component.label(), -1, 0));
        boolean lives = running
                && ProcessHandle.of(child.pid()).map(ProcessHandle::isAlive).orElse(false);
        String health = !lives ? "DOWN" : Supervisor.isReady(deployment, component) ? "UP" : "NOT_READY";
        return new ComponentStatus(
                component.label(),
                deployment.port(component),
                lives ? (Long) child.pid() : null,
                health,
                Installation.version(component),
                child.restarts());
    }
}
