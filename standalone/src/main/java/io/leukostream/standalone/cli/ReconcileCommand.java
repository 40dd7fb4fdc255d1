package io.leukostream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.standalone.accounting.Balance;
import io.leukostream.standalone.accounting.Reconciliation;
import io.leukostream.standalone.client.Unreachable;
import io.leukostream.standalone.supervisor.Deployment;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Accounts for every image. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Accounts for every image by walking over the topics, independently of the services' own tallies,"
                + " and names each that was lost or counted twice. Exit status 1 if there is one.")
public final class ReconcileCommand implements Callable<Integer> {
    /** Days that are printed; the JSON has all. */
    private static final int MOST_DAYS = 7;

    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "How long results may take to catch up before its tally is held against it"
                    + " (default: ${DEFAULT-VALUE}).",
            defaultValue = "30")
    private int patienceSeconds;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        Deployment running = data.running();
        Balance balance = new Reconciliation(running.bootstrapServers(), running.registryUrl())
                .balance(Duration.ofSeconds(patienceSeconds));
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(balance));
        } else {
            print(balance);
        }
        return balance.isSound() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void print(Balance balance) {
        System.out.printf(
                "%d images received: %d classified, %d rejected, %d pending, %d lost%n",
                balance.received(),
                balance.classified(),
                balance.rejected(),
                balance.pending().size(),
                balance.lost().size());
        balance.rejectedByReason()
                .forEach((reason, images) -> System.out.println("  rejected " + reason + ": " + images));
        balance.scanners().forEach(line -> {
            String scanner = line.scanner();
            line(
                    scanner == null ? "scanner not stated" : "scanner " + scanner,
                    line.received(),
                    line.classified(),
                    line.rejected(),
                    line.pending(),
                    line.oldestPendingAt());
        });
        balance.days().stream()
                .limit(MOST_DAYS)
                .forEach(line -> line(
                        "day " + line.day(),
                        line.received(),
                        line.classified(),
                        line.rejected(),
                        line.pending(),
                        line.oldestPendingAt()));
        list("LOST", balance.lost());
        list("DOUBLED", balance.doubled());
        list("NOT COUNTED", balance.uncounted());
        list("UNKNOWN_SPECIMEN", balance.unknownSpecimens());
        if (balance.isSound()) {
            System.out.println("Every image is accounted for.");
        }
    }

    private static void line(
            String of, int received, int classified, int rejected, int pending, @Nullable String oldest) {
        System.out.printf(
                "  %s: %d received, %d classified, %d rejected, %d pending%s%n",
                of, received, classified, rejected, pending, oldest == null ? "" : ", the oldest since " + oldest);
    }

    private static void list(String what, List<String> items) {
        items.forEach(item -> System.out.println("  " + what + " " + item));
    }
}
