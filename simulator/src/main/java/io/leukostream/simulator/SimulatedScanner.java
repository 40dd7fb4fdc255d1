package io.leukostream.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Pushes image files to ingest as a scanner does: several at a time, again after 429, 503 or a lost connection (ingest
 * names an image by its content, so a second arrival is the same image), until each has its answer. It takes any image
 * files, so it is the load generator too.
 */
public final class SimulatedScanner implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final URI images;
    private final int parallelism;
    private final PatientHttp http;

    /**
     * @param ingest base address of ingest
     * @param parallelism images on their way at the same time, at least 1
     * @param patience how long one image is sent again before its last answer, or its failure, stands
     */
    public SimulatedScanner(URI ingest, int parallelism, Duration patience) {
        if (parallelism < 1) {
            throw new IllegalArgumentException("at least one image must be on its way, not " + parallelism);
        }
        this.images = ingest.resolve("/api/v1/images");
        this.parallelism = parallelism;
        this.http = new PatientHttp(patience);
    }

    /**
     * Pushes all and returns when each is answered.
     *
     * @param report told of each answer when it comes, by several threads
     * @return the answers, in the order of the submissions
     */
    public List<ScanAnswer> push(List<Submission> submissions, Consumer<ScanAnswer> report)
            throws InterruptedException {
        List<Callable<ScanAnswer>> tasks = submissions.stream()
                .map(submission -> (Callable<ScanAnswer>) () -> {
                    ScanAnswer answer = push(submission);
                    report.accept(answer);
                    return answer;
                })
                .toList();
        try (ExecutorService pushing =
                Executors.newFixedThreadPool(parallelism, Thread.ofVirtual().factory())) {
            return pushing.invokeAll(tasks).stream()
                    .map(SimulatedScanner::answerOf)
                    .toList();
        }
    }

    private static ScanAnswer answerOf(Future<ScanAnswer> done) {
        return switch (done.state()) {
            case SUCCESS -> done.resultNow();
            case FAILED -> throw new IllegalStateException("pushing ended unexpectedly", done.exceptionNow());
            case RUNNING, CANCELLED -> throw new IllegalStateException("pushing was cancelled");
        };
    }

    private ScanAnswer push(Submission submission) throws InterruptedException {
        if (!Files.isReadable(submission.file())) {
            return new ScanAnswer.Failed(submission, "cannot be read: " + submission.file());
        }
        long start = System.nanoTime();
        try {
            PatientHttp.Answered answered = http.send(request(submission));
            JsonNode body = json(answered.body());
            if (answered.status() != 200 && answered.status() != 202) {
                return new ScanAnswer.Refused(
                        submission,
                        answered.status(),
                        body.path("code").asText("UNKNOWN"),
                        body.path("detail").asText(""));
            }
            return new ScanAnswer.Accepted(
                    submission,
                    body.path("imageId").asText(),
                    body.path("patientId").asText(),
                    body.path("specimenId").asText(),
                    body.path("duplicate").asBoolean(),
                    Duration.ofNanos(System.nanoTime() - start),
                    answered.attempts());
        } catch (IOException e) {
            return new ScanAnswer.Failed(submission, "no answer from " + images + ": " + e);
        }
    }

    private HttpRequest request(Submission submission) throws IOException {
        MultipartForm form = new MultipartForm()
                .field("patient", submission.patient())
                .field("specimen", submission.specimen())
                .field("specimenType", submission.specimenType().name())
                .field("kind", submission.kind().name());
        submission.pixelSizeMicrometres().ifPresent(size -> form.field("pixelSizeMicrometres", Double.toString(size)));
        if (submission.stat()) {
            form.field("priority", "STAT");
        }
        return HttpRequest.newBuilder(images)
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", form.contentType())
                .header("Accept", "application/json, application/problem+json")
                .POST(form.withImage(submission.file()))
                .build();
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
