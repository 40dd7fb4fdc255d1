package io.leukostream.standalone;

import io.leukostream.standalone.cli.AlertsCommand;
import io.leukostream.standalone.cli.AuditCommand;
import io.leukostream.standalone.cli.CompareCommand;
import io.leukostream.standalone.cli.DownCommand;
import io.leukostream.standalone.cli.ExitCode;
import io.leukostream.standalone.cli.PlainOutput;
import io.leukostream.standalone.cli.ReconcileCommand;
import io.leukostream.standalone.cli.ReplayCommand;
import io.leukostream.standalone.cli.RequeueCommand;
import io.leukostream.standalone.cli.ScanCommand;
import io.leukostream.standalone.cli.SimulateCommand;
import io.leukostream.standalone.cli.StatusCommand;
import io.leukostream.standalone.cli.UpCommand;
import io.leukostream.standalone.cli.VerdictCommand;
import io.leukostream.standalone.client.Unreachable;
import io.leukostream.standalone.supervisor.Installation;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The leukostream program. */
@Command(
        name = "leukostream",
        mixinStandardHelpOptions = true,
        versionProvider = Leukostream.Version.class,
        description = "Triage of microscope images for acute lymphoblastic leukaemia. Research use only:"
                + " a haematologist decides.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            ScanCommand.class,
            VerdictCommand.class,
            AlertsCommand.class,
            ReconcileCommand.class,
            AuditCommand.class,
            RequeueCommand.class,
            ReplayCommand.class,
            CompareCommand.class,
            SimulateCommand.class
        },
        footer = {
            "",
            "./leukostream test  builds everything and passes the tests.",
            "./leukostream fuzz  runs the fuzzers of our own parsers."
        })
public final class Leukostream implements Runnable {
    // The commands say themselves what failed; the libraries' own account of it is noise on a terminal.
    private static final List<Logger> LIBRARIES =
            Stream.of("org.apache.kafka", "io.apicurio").map(Logger::getLogger).toList();

    @Spec
    private CommandSpec spec;

    /** Runs the command that the arguments name and ends the process with its exit status. */
    public static void main(String[] arguments) {
        LIBRARIES.forEach(library -> library.setLevel(Level.SEVERE));
        System.setOut(new PlainOutput(System.out));
        System.setErr(new PlainOutput(System.err));
        System.exit(program(new Leukostream()).execute(arguments));
    }

    /** The commands, with what they have in common; what failed may hold a server's words, and is shown, not obeyed. */
    static CommandLine program(Object command) {
        return new CommandLine(command)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, failed, result) -> {
                    String message = failure.getMessage();
                    failed.getErr().println(PlainOutput.plain(message == null ? failure.toString() : message));
                    return failure instanceof Unreachable ? ExitCode.UNREACHABLE : ExitCode.FAILED;
                });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    /** Says which version this is. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"leukostream " + Installation.version()};
        }
    }
}
