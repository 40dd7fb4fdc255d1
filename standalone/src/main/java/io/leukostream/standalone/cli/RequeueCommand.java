package io.leukostream.standalone.cli;

import io.leukostream.standalone.client.Unreachable;
import io.leukostream.standalone.requeue.ImageFates.Candidate;
import io.leukostream.standalone.requeue.ImageFates.Selection;
import io.leukostream.standalone.requeue.NewAttempts;
import io.leukostream.standalone.requeue.Wanted;
import io.leukostream.standalone.supervisor.Deployment;
import java.io.Console;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends rejected or pending images again. */
@Command(
        name = "requeue",
        mixinStandardHelpOptions = true,
        description =
                "Sends rejected or pending images again, once the cause is mended: the same bytes under the same id as"
                        + " a new attempt, whose outcome then counts. Needs the image in the log, so within its retention. Exit"
                        + " status 3 if some could not be sent; each is named.")
public final class RequeueCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(
            names = "--specimen",
            paramLabel = "S",
            description = "Only images of this specimen, by its code; alone, all its rejected images.")
    private @Nullable String specimenId;

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            description = "Images rejected for this reason; may be given several times.")
    private List<String> reasons = List.of();

    @Option(names = "--pending", description = "Images without outcome.")
    private boolean pending;

    @Option(names = "--image", paramLabel = "ID", arity = "1..*", description = "Images by their id.")
    private List<String> imageIds = List.of();

    @Option(names = "--dry-run", description = "Say what would be sent, and send nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        Wanted wanted;
        try {
            wanted = new Wanted(specimenId, Set.copyOf(reasons), pending, new LinkedHashSet<>(imageIds));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "Which images? Give --specimen, --reason, --pending or --image.", e);
        }
        Deployment running = data.running();
        try (NewAttempts attempts =
                new NewAttempts(running.bootstrapServers(), running.registryUrl(), running.limit())) {
            Selection selection = attempts.fates().select(wanted);
            selection
                    .refusals()
                    .forEach(refusal ->
                            System.out.println("  NOT SENT " + refusal.imageId() + ": " + refusal.because()));
            int refused = selection.refusals().size();
            if (selection.candidates().isEmpty()) {
                System.out.println("No image is to be sent again.");
                return refused > 0 ? ExitCode.SOME_REFUSED : ExitCode.OK;
            }
            if (!dryRun && !yes && !isConfirmed(selection.candidates())) {
                System.err.println("Nothing was sent. --dry-run lists the images, --yes sends them.");
                return ExitCode.FAILED;
            }
            return send(attempts, selection.candidates(), refused);
        }
    }

    private int send(NewAttempts attempts, List<Candidate> candidates, int refusedBefore) throws InterruptedException {
        int sent = 0;
        int refused = refusedBefore;
        for (Candidate candidate : candidates) {
            String obstacle = dryRun ? attempts.obstacle(candidate) : "";
            NewAttempts.Outcome outcome = !obstacle.isEmpty()
                    ? new NewAttempts.Outcome.Refused(obstacle)
                    : dryRun
                            ? new NewAttempts.Outcome.Sent(candidate.attempt(), candidate.last())
                            : attempts.send(candidate);
            switch (outcome) {
                case NewAttempts.Outcome.Sent(int attempt, var at) -> {
                    sent++;
                    System.out.println("  " + candidate.imageId() + ": " + candidate.because() + ", "
                            + (dryRun ? "would be" : "is now") + " attempt " + attempt
                            + (dryRun
                                    ? ""
                                    : " at " + at.getTopic() + ", partition " + at.getPartition() + ", offset "
                                            + at.getOffset()));
                }
                case NewAttempts.Outcome.Refused(String because) -> {
                    refused++;
                    System.out.println("  NOT SENT " + candidate.imageId() + ": " + because);
                }
            }
        }
        System.out.println(sent
                + (sent == 1 ? " image " : " images ")
                + (dryRun ? "would be sent again" : "sent again")
                + (refused == 0 ? "." : ", " + refused + " not."));
        return refused > 0 ? ExitCode.SOME_REFUSED : ExitCode.OK;
    }

    private static boolean isConfirmed(List<Candidate> candidates) {
        // Where nobody can answer, nobody agreed.
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> console.readLine("Send %d image(s) again? [y/N] ", candidates.size()))
                .filter(answer -> answer.strip().equalsIgnoreCase("y"))
                .isPresent();
    }
}
