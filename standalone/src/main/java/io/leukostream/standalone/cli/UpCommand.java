package io.leukostream.standalone.cli;

import io.leukostream.standalone.supervisor.Component;
import io.leukostream.standalone.supervisor.Deployment;
import io.leukostream.standalone.supervisor.Installation;
import io.leukostream.standalone.supervisor.OwnSession;
import io.leukostream.standalone.supervisor.StartFailure;
import io.leukostream.standalone.supervisor.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts everything on this machine. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts broker, registry and the three services on 127.0.0.1, and keeps them running until Ctrl-C"
                + " or ./leukostream down. The next up on the same data folder goes on where it stopped.")
public final class UpCommand implements Callable<Integer> {
    private static final String READY = "Leukostream is ready: ";

    @Mixin
    private DataOption data;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description = "Port of the dashboard; the others follow it (default: ${DEFAULT-VALUE}).",
            defaultValue = "8080")
    private int portBase;

    @Option(names = "--no-demo", description = "Do not fill an empty data folder with a simulated ward.")
    private boolean noDemo;

    @Option(names = "--detach", description = "Return when all is ready, and leave it running.")
    private boolean detach;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Deployment deployment = new Deployment(data.folder(), portBase, DataOption.imageLimit());
        return detach ? detached(deployment) : foreground(deployment);
    }

    private int foreground(Deployment deployment) throws IOException, InterruptedException {
        boolean wantsDemo = !noDemo && isNew(deployment);
        Installation installation = Installation.current();
        System.out.println("Leukostream " + Installation.version() + ", data and logs in " + deployment.data());
        Supervisor supervisor;
        try {
            supervisor = Supervisor.start(installation, deployment, System.out, System.err);
        } catch (StartFailure e) {
            System.err.println(e.getMessage());
            return ExitCode.FAILED;
        }
        Thread stop = Thread.ofPlatform().name("stop").unstarted(supervisor::close);
        Runtime.getRuntime().addShutdownHook(stop);
        System.out.println(READY + deployment.url(Component.RESULTS));
        System.out.flush();
        if (wantsDemo) {
            DemoWard.start(deployment, System.err);
        }
        // Ctrl-C and ./leukostream down end the process; the hook above stops the components.
        Thread.currentThread().join();
        return ExitCode.OK;
    }

    // A second process of the same program, in a session of its own, so that a closed terminal does not end it.
    private int detached(Deployment deployment) throws IOException, InterruptedException {
        Path log = deployment.data().resolve("logs").resolve("supervisor.log");
        Files.createDirectories(log.getParent());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dleukostream.home=" + Installation.current().home(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.leukostream.standalone.Leukostream",
                "up",
                "--data",
                deployment.data().toString(),
                "--port-base",
                Integer.toString(deployment.portBase())));
        if (noDemo) {
            command.add("--no-demo");
        }
        Path output = deployment.data().resolve("logs").resolve("up.out");
        Process child = new ProcessBuilder(OwnSession.of(command))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(log.toFile())
                .start();
        long shown = 0;
        while (true) {
            boolean alive = child.isAlive();
            List<String> lines = Files.readAllLines(output);
            for (String line : lines.subList((int) shown, lines.size())) {
                System.out.println(line);
                if (line.startsWith(READY)) {
                    return ExitCode.OK;
                }
            }
            shown = lines.size();
            if (!alive) {
                try (Stream<String> errors = Files.lines(log)) {
                    errors.forEach(System.err::println);
                }
                return ExitCode.FAILED;
            }
            Thread.sleep(100);
        }
    }

    private static boolean isNew(Deployment deployment) {
        return Files.notExists(deployment.folder(Component.BROKER));
    }
}
