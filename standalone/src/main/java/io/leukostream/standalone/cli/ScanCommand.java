package io.leukostream.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.leukostream.embedded.Probe;
import io.leukostream.simulator.ImageKind;
import io.leukostream.simulator.ScanAnswer;
import io.leukostream.simulator.SimulatedScanner;
import io.leukostream.simulator.SpecimenType;
import io.leukostream.simulator.Submission;
import io.leukostream.standalone.client.Endpoints;
import io.leukostream.standalone.client.ImageFiles;
import io.leukostream.standalone.client.ResultsClient;
import io.leukostream.standalone.client.Unreachable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pushes image files into the running system. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = "Pushes image files, or folders of them, of one specimen. Exit status 0 if all were accepted,"
                + " 3 if some were refused (each is named with its reason), 4 if nothing answers.")
public final class ScanCommand implements Callable<Integer> {
    private static final int PARALLELISM = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(150);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Image files and folders.")
    private List<Path> paths;

    @Option(
            names = "--patient",
            required = true,
            paramLabel = "ID",
            description = "The patient's identifier; it stays in the vault.")
    private String patient;

    @Option(
            names = "--specimen",
            required = true,
            paramLabel = "ID",
            description = "The specimen's identifier; it stays in the vault.")
    private String specimen;

    @Option(
            names = "--specimen-type",
            paramLabel = "TYPE",
            converter = HyphenatedEnum.OfSpecimenType.class,
            description = "bone-marrow or peripheral-blood (default: ${DEFAULT-VALUE}).",
            defaultValue = "bone-marrow")
    private SpecimenType specimenType;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            converter = HyphenatedEnum.OfImageKind.class,
            description =
                    "cell: each image is one cell that was cut out; field: a field of view (default: ${DEFAULT-VALUE}).",
            defaultValue = "field")
    private ImageKind kind;

    @Option(names = "--pixel-size-um", paramLabel = "X", description = "Edge of a pixel in the specimen plane, µm.")
    private @Nullable Double pixelSizeMicrometres;

    @Option(names = "--stat", description = "Urgent: overtakes routine images.")
    private boolean stat;

    @Mixin
    private SystemOptions system;

    @Option(names = "--wait", description = "Wait until every accepted image has its outcome, then print the verdict.")
    private boolean wait;

    @Option(
            names = "--wait-limit",
            paramLabel = "SECONDS",
            description = "How long --wait waits at most without any progress (default: ${DEFAULT-VALUE}).",
            defaultValue = "120")
    private int waitLimitSeconds;

    @Option(names = "--json", description = "Print one JSON document: images, and with --wait the verdict.")
    private boolean json;

    @Override
    public Integer call() throws IOException, Unreachable, InterruptedException {
        List<Path> files = ImageFiles.below(paths);
        if (files.isEmpty()) {
            throw new IOException("There is no image in " + paths);
        }
        Endpoints endpoints = system.endpoints();
        List<ScanAnswer> answers = push(endpoints, files);
        List<ScanAnswer.Accepted> accepted = answers.stream()
                .filter(ScanAnswer.Accepted.class::isInstance)
                .map(ScanAnswer.Accepted.class::cast)
                .toList();
        ObjectNode document = JSON.createObjectNode();
        ArrayNode images = document.putArray("images");
        for (ScanAnswer answer : answers) {
            images.add(json(answer));
            if (!json) {
                System.out.println(text(answer));
            }
        }
        if (wait && !accepted.isEmpty()) {
            try (ResultsClient results = new ResultsClient(endpoints)) {
                JsonNode verdict = settledVerdict(results, accepted);
                document.set("verdict", verdict);
                if (!json) {
                    System.out.println(VerdictText.of(verdict));
                }
            }
        }
        if (json) {
            System.out.println(document);
        } else {
            System.out.printf(
                    Locale.ROOT, "%d accepted, %d refused%n", accepted.size(), answers.size() - accepted.size());
        }
        if (answers.stream().anyMatch(ScanAnswer.Failed.class::isInstance)) {
            return ExitCode.UNREACHABLE;
        }
        return accepted.size() == answers.size() ? ExitCode.OK : ExitCode.SOME_REFUSED;
    }

    private List<ScanAnswer> push(Endpoints endpoints, List<Path> files) throws Unreachable, InterruptedException {
        // Once it has answered, an ingest that goes away is waited for; one that was never there is not.
        if (!new Probe(endpoints.ingest() + "/q/health/live").answers()) {
            throw new Unreachable("Nothing answers at " + endpoints.ingest() + "; is Leukostream up?");
        }
        List<Submission> submissions = files.stream()
                .map(file -> new Submission(
                        file,
                        patient,
                        specimen,
                        specimenType,
                        kind,
                        pixelSizeMicrometres == null ? OptionalDouble.empty() : OptionalDouble.of(pixelSizeMicrometres),
                        stat))
                .toList();
        try (SimulatedScanner scanner = new SimulatedScanner(URI.create(endpoints.ingest()), PARALLELISM, PATIENCE);
                ProgressBar bar = Progress.bar("pushing", files.size())) {
            return scanner.push(submissions, answer -> bar.step());
        }
    }

    // Settled: each accepted image has its outcome, and the verdict counts no image of the specimen as pending.
    private JsonNode settledVerdict(ResultsClient results, List<ScanAnswer.Accepted> accepted)
            throws IOException, InterruptedException {
        ScanAnswer.Accepted first = accepted.getFirst();
        Set<String> open = new LinkedHashSet<>();
        accepted.forEach(answer -> open.add(answer.imageId()));
        int all = open.size();
        long end = System.nanoTime() + Duration.ofSeconds(waitLimitSeconds).toNanos();
        try (ProgressBar bar = Progress.bar("outcomes", all)) {
            while (!open.isEmpty()) {
                for (String imageId : List.copyOf(open)) {
                    Optional<JsonNode> image = whenReachable(() -> results.image(imageId));
                    if (image.isEmpty()
                            || image.orElseThrow().path("outcome").asText().equals("PENDING")) {
                        break;
                    }
                    open.remove(imageId);
                    end = System.nanoTime()
                            + Duration.ofSeconds(waitLimitSeconds).toNanos();
                }
                bar.stepTo(all - open.size());
                requireTime(end, open.size() + " images have no outcome yet");
                if (!open.isEmpty()) {
                    Thread.sleep(POLL);
                }
            }
        }
        while (true) {
            Optional<JsonNode> verdict = whenReachable(() -> results.verdict(first.patientId()));
            if (verdict.isPresent() && counts(verdict.orElseThrow(), first.specimenId()) >= all) {
                return verdict.orElseThrow();
            }
            requireTime(end, "the verdict does not count all images yet");
            Thread.sleep(POLL);
        }
    }

    /** Asks for something of results. */
    private interface Question {
        Optional<JsonNode> ask() throws Unreachable, InterruptedException;
    }

    // Results that is being restarted has no answer yet; the limit on waiting without progress still holds.
    private static Optional<JsonNode> whenReachable(Question question) throws InterruptedException {
        try {
            return question.ask();
        } catch (Unreachable e) {
            return Optional.empty();
        }
    }

    private static int counts(JsonNode verdict, String specimenId) {
        for (JsonNode specimen : verdict.path("specimens")) {
            if (specimen.path("specimenId").asText().equals(specimenId)) {
                JsonNode images = specimen.path("images");
                return images.path("classified").asInt()
                        + images.path("rejected").asInt();
            }
        }
        return 0;
    }

    private void requireTime(long end, String what) throws IOException {
        if (System.nanoTime() > end) {
            throw new IOException("No progress for " + waitLimitSeconds + " s: " + what
                    + "; ./leukostream status and ./leukostream reconcile tell more.");
        }
    }

    private static String text(ScanAnswer answer) {
        return answer.submission().file() + ": "
                + switch (answer) {
                    case ScanAnswer.Accepted a -> a.imageId() + (a.duplicate() ? " (was there already)" : "");
                    case ScanAnswer.Refused r -> "REFUSED " + r.code() + ": " + r.detail();
                    case ScanAnswer.Failed f -> "NOT SENT: " + f.cause();
                };
    }

    private static ObjectNode json(ScanAnswer answer) {
        ObjectNode node = JSON.createObjectNode()
                .put("file", answer.submission().file().toString())
                .put("accepted", answer instanceof ScanAnswer.Accepted);
        return switch (answer) {
            case ScanAnswer.Accepted a ->
                node.put("imageId", a.imageId())
                        .put("patientId", a.patientId())
                        .put("specimenId", a.specimenId())
                        .put("duplicate", a.duplicate());
            case ScanAnswer.Refused r ->
                node.put("status", r.status()).put("code", r.code()).put("detail", r.detail());
            case ScanAnswer.Failed f -> node.put("code", "NOT_SENT").put("detail", f.cause());
        };
    }
}
