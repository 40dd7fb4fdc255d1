package io.leukostream.standalone.cli;

import io.leukostream.standalone.supervisor.SupervisorState;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops what {@code up} started. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Stops the system that runs on the data folder.")
public final class DownCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        SupervisorState state = data.state().filter(SupervisorState::runs).orElse(null);
        if (state == null) {
            System.out.println("Nothing runs on " + data.folder());
            return ExitCode.OK;
        }
        ProcessHandle supervisor = ProcessHandle.of(state.pid()).orElse(null);
        if (supervisor != null) {
            supervisor.destroy();
            try {
                supervisor.onExit().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                System.err.println(
                        "The supervisor (process " + state.pid() + ") did not stop within " + LIMIT.toSeconds()
                                + " s; its logs are in " + data.folder().resolve("logs"));
                return ExitCode.FAILED;
            }
        }
        System.out.println("Stopped.");
        return ExitCode.OK;
    }
}
