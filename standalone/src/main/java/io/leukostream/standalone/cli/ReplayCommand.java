package io.leukostream.standalone.cli;

import io.leukostream.standalone.accounting.ReplayProgress;
import io.leukostream.standalone.client.Unreachable;
import io.leukostream.standalone.supervisor.Deployment;
import io.leukostream.standalone.supervisor.Installation;
import io.leukostream.standalone.supervisor.ShadowInference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a bundle on trial over the retained image log. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Runs a model bundle on trial over the retained image log of a running system. What it calls goes to"
                        + " cell.classifications.shadow; no verdict changes. Run again it goes on where it stopped; then"
                        + " ./leukostream compare says which verdicts would differ. Exit status 1 if the bundle cannot be run.")
public final class ReplayCommand implements Callable<Integer> {
    private static final Duration EVERY = Duration.ofMillis(500);

    @Option(names = "--bundle", required = true, paramLabel = "DIR", description = "Folder of the bundle.")
    private Path bundle;

    @Mixin
    private DataOption data;

    @Option(names = "--follow", description = "Go on with the images that come, as a live shadow, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "How long nothing may be finished before it is given up (default: ${DEFAULT-VALUE}).",
            defaultValue = "120")
    private int patienceSeconds;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        Deployment running = data.running();
        if (!Files.isRegularFile(bundle.resolve("model.json"))) {
            System.err.println("There is no bundle in " + bundle + ": it has no model.json.");
            return ExitCode.FAILED;
        }
        try (ShadowInference shadow = ShadowInference.start(Installation.current(), running, bundle);
                ReplayProgress progress = new ReplayProgress(running.bootstrapServers(), shadow.bundleSha256())) {
            if (!replayed(shadow, progress)) {
                return ExitCode.FAILED;
            }
            System.out.println(progress.total() + " images replayed with bundle " + shadow.bundleSha256()
                    + "; see ./leukostream compare");
            if (follow) {
                System.out.println("Following; Ctrl-C ends it.");
                while (shadow.isAlive()) {
                    Thread.sleep(EVERY);
                }
                return died(shadow);
            }
            return ExitCode.OK;
        }
    }

    private boolean replayed(ShadowInference shadow, ReplayProgress progress) throws InterruptedException {
        try (ProgressBar bar = Progress.bar("replaying", progress.total())) {
            long done = progress.done();
            long since = System.nanoTime();
            while (done < progress.total()) {
                bar.stepTo(done);
                if (!shadow.isAlive()) {
                    died(shadow);
                    return false;
                }
                if (System.nanoTime() - since
                        > Duration.ofSeconds(patienceSeconds).toNanos()) {
                    System.err.println("Nothing was finished for " + patienceSeconds + " s; "
                            + (progress.total() - done) + " images are left. The shadow's log is " + shadow.log());
                    return false;
                }
                Thread.sleep(EVERY);
                long now = progress.done();
                since = now > done ? System.nanoTime() : since;
                done = now;
            }
            bar.stepTo(done);
            return true;
        }
    }

    private static int died(ShadowInference shadow) {
        System.err.println("The shadow ended by itself; the end of " + shadow.log() + ":");
        shadow.lastLines().forEach(System.err::println);
        return ExitCode.FAILED;
    }
}
