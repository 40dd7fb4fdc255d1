package io.leukostream.standalone.cli;

import io.leukostream.simulator.ImageTruth;
import io.leukostream.simulator.ScanAnswer;
import io.leukostream.simulator.SimulatedScanner;
import io.leukostream.simulator.Submission;
import io.leukostream.simulator.Truth;
import io.leukostream.simulator.Ward;
import io.leukostream.simulator.WardWriter;
import io.leukostream.standalone.client.Endpoints;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Draws a ward and pushes its images as simulated scanners do. */
final class WardPush {
    private static final int SCANNERS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private WardPush() {}

    /**
     * Pushes all images of a ward.
     *
     * @return what is in each image, by the id under which it was accepted
     * @throws IOException if an image was refused or could not be sent
     */
    static Map<String, ImageTruth> push(Endpoints endpoints, Ward ward) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("leukostream-ward");
        try {
            return push(endpoints, folder, WardWriter.write(folder, ward));
        } finally {
            delete(folder);
        }
    }

    private static Map<String, ImageTruth> push(Endpoints endpoints, Path folder, Truth truth)
            throws IOException, InterruptedException {
        List<Submission> submissions = truth.images().stream()
                .map(image -> Submission.of(folder, image))
                .toList();
        Map<String, ImageTruth> truthByImageId = new HashMap<>();
        try (SimulatedScanner scanner = new SimulatedScanner(URI.create(endpoints.ingest()), SCANNERS, PATIENCE)) {
            List<ScanAnswer> answers = scanner.push(submissions, answer -> {});
            for (int k = 0; k < answers.size(); k++) {
                switch (answers.get(k)) {
                    case ScanAnswer.Accepted accepted ->
                        truthByImageId.put(accepted.imageId(), truth.images().get(k));
                    case ScanAnswer.Refused refused ->
                        throw new IOException(
                                "a synthetic image was refused: " + refused.code() + " " + refused.detail());
                    case ScanAnswer.Failed failed -> throw new IOException(failed.cause());
                }
            }
        }
        return truthByImageId;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
