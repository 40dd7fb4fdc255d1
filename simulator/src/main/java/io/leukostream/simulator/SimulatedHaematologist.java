package io.leukostream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Labels the cells that results draw at random, by the known truth of a synthetic ward, until the specimen's verdict is
 * decided. Its name, {@value #REVIEWER}, stands at every label.
 */
public final class SimulatedHaematologist implements AutoCloseable {
    /** The reviewer's name. */
    public static final String REVIEWER = "simulated-haematologist";

    /** The answer to opening a frame where no cell was found. */
    private static final int NO_CELLS = 409;

    private static final Set<String> DECIDED = Set.of("BLASTS_SUSPECTED", "BLASTS_BELOW_THRESHOLD");
    private static final int DRAWS = 20;
    /** A found box is a drawn cell where both share at least this much of their union. */
    private static final double SAME_CELL = 0.25;

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final URI results;
    private final Map<String, ImageTruth> truthByImageId;
    private final PatientHttp http;

    /**
     * @param results base address of results
     * @param truthByImageId what is in each image, by the id that ingest answered
     * @param patience how long one request is repeated while results are away
     */
    public SimulatedHaematologist(URI results, Map<String, ImageTruth> truthByImageId, Duration patience) {
        this.results = results;
        this.truthByImageId = Map.copyOf(truthByImageId);
        this.http = new PatientHttp(patience);
    }

    /**
     * Waits until all images of the specimen have their outcome, then labels what is drawn.
     *
     * @param specimenId the code
     * @param mostLabels after so many labels it ends undecided
     * @param within after this time it ends undecided
     * @throws IOException if results do not answer, or refuse a label
     */
    public ReviewOutcome review(String specimenId, int mostLabels, Duration within)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        long images = truthByImageId.keySet().stream()
                .filter(imageId -> imageId.startsWith(specimenId + "."))
                .count();
        Set<String> labelled = new HashSet<>();
        JsonNode specimen = specimen(specimenId);
        while (!allHaveOutcomes(specimen, images)) {
            if (System.nanoTime() > end) {
                return ended(specimen, specimenId, labelled, "images were still without outcome");
            }
            Thread.sleep(POLL);
            specimen = specimen(specimenId);
        }
        while (!isDecided(specimen)) {
            if (labelled.size() >= mostLabels) {
                return ended(specimen, specimenId, labelled, mostLabels + " labels did not decide");
            }
            if (System.nanoTime() > end) {
                return ended(specimen, specimenId, labelled, "the time was over");
            }
            int before = labelled.size();
            boolean drawn = labelDraws(specimenId, labelled, mostLabels);
            specimen = seen(specimenId, labelled.size());
            if (!drawn && !isDecided(specimen)) {
                return ended(specimen, specimenId, labelled, "no cell was left to draw");
            }
            if (labelled.size() == before) {
                Thread.sleep(POLL);
            }
        }
        return ended(specimen, specimenId, labelled, "the verdict is decided");
    }

    private static boolean isDecided(JsonNode specimen) {
        return DECIDED.contains(specimen.path("state").asText());
    }

    private static boolean allHaveOutcomes(JsonNode specimen, long images) {
        JsonNode counts = specimen.path("images");
        return counts.path("received").asLong() >= images
                && counts.path("pending").asLong() == 0
                && counts.path("received").asLong() > 0;
    }

    private static ReviewOutcome ended(JsonNode specimen, String specimenId, Set<String> labelled, String reason) {
        return new ReviewOutcome(
                specimenId, isDecided(specimen), specimen.path("state").asText(""), labelled.size(), reason);
    }

    /** Labels the drawn cells that are new; whether any cell was drawn. */
    private boolean labelDraws(String specimenId, Set<String> labelled, int mostLabels)
            throws IOException, InterruptedException {
        PatientHttp.Answered frame =
                posted("/api/v1/specimens/" + specimenId + "/frames", Map.of("reviewer", REVIEWER));
        if (frame.status() == NO_CELLS) {
            return false;
        }
        read(frame);
        JsonNode items = get("/api/v1/specimens/" + specimenId + "/draws?reviewer=" + REVIEWER + "&count=" + DRAWS)
                .path("items");
        for (JsonNode item : items) {
            String cellId = item.path("cellId").asText();
            if (labelled.size() < mostLabels && !labelled.contains(cellId)) {
                post(
                        "/api/v1/specimens/" + specimenId + "/reviews",
                        Map.of("cellId", cellId, "label", label(cellId), "reviewer", REVIEWER));
                labelled.add(cellId);
            }
        }
        return !items.isEmpty();
    }

    /** The specimen once it counts all labels, or as it is when that takes too long. */
    private JsonNode seen(String specimenId, int labels) throws IOException, InterruptedException {
        long end = System.nanoTime() + SEEN_WITHIN.toNanos();
        JsonNode specimen = specimen(specimenId);
        while (specimen.path("cells").path("reviewed").asLong() < labels
                && !isDecided(specimen)
                && System.nanoTime() < end) {
            Thread.sleep(POLL);
            specimen = specimen(specimenId);
        }
        return specimen;
    }

    /** BLAST, NOT_BLAST or, where nothing was drawn, NOT_A_CELL. */
    private String label(String cellId) throws IOException {
        int dot = cellId.lastIndexOf('.');
        ImageTruth truth = truthByImageId.get(cellId.substring(0, Math.max(dot, 0)));
        if (truth == null) {
            throw new IOException("the draw holds a cell of an image that is not of this ward: " + cellId);
        }
        if (truth.kind() == ImageKind.CELL) {
            return truth.cells().getFirst().label().name();
        }
        Box found = box(cellId.substring(dot + 1));
        String label = "NOT_A_CELL";
        double best = SAME_CELL;
        for (CellTruth cell : truth.cells()) {
            double overlap = cell.box().overlap(found);
            if (overlap >= best) {
                best = overlap;
                label = cell.label().name();
            }
        }
        return label;
    }

    private static Box box(String text) throws IOException {
        String[] numbers = text.split("-", -1);
        try {
            return new Box(
                    Integer.parseInt(numbers[0]),
                    Integer.parseInt(numbers[1]),
                    Integer.parseInt(numbers[2]),
                    Integer.parseInt(numbers[3]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("a cell id ends in x-y-w-h, not " + text, e);
        }
    }

    /** The specimen, an empty node while results do not know it yet. */
    private JsonNode specimen(String specimenId) throws IOException, InterruptedException {
        PatientHttp.Answered answered =
                http.send(request("/api/v1/specimens/" + specimenId).build());
        return answered.status() == 404 ? JSON.createObjectNode() : read(answered);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return read(http.send(request(path).build()));
    }

    private void post(String path, Map<String, String> body) throws IOException, InterruptedException {
        read(posted(path, body));
    }

    private PatientHttp.Answered posted(String path, Map<String, String> body)
            throws IOException, InterruptedException {
        return http.send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(results.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Accept", "application/json, application/problem+json");
    }

    private static JsonNode read(PatientHttp.Answered answered) throws IOException {
        if (answered.status() / 100 != 2) {
            throw new IOException("results answered " + answered.status() + ": " + answered.body());
        }
        return answered.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(answered.body());
    }

    @Override
    public void close() {
        http.close();
    }
}
