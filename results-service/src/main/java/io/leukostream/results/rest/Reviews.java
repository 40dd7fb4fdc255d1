package io.leukostream.results.rest;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.CellKey;
import io.leukostream.results.domain.ReviewFrame;
import io.leukostream.results.domain.ReviewLabel;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.ReviewReading;
import io.leukostream.schemas.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes reviewers' labels and their withdrawals, and refuses those that fit no cell, as a {@link Problem}. A label is an
 * event in the log, never a change of one: what was said before stays, and a withdrawal is one event more.
 */
@ApplicationScoped
public class Reviews {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);

    private final ResultsStores stores;
    private final Draws draws;
    private final Commands commands;

    /** Reads from these stores and writes through these commands. */
    public Reviews(ResultsStores stores, Draws draws, Commands commands) {
        this.stores = stores;
        this.draws = draws;
        this.commands = commands;
    }

    /** How a reviewer came by a cell. */
    public enum Origin {
        /** Drawn, if this service handed it out as a draw; chosen otherwise. */
        AS_DRAWN,
        /** Chosen, whether it was drawn or not: corrects the cell, enters no sequence. */
        CHOSEN
    }

    /** A reviewer's label of a cell. */
    public ReviewAccepted label(
            String specimenId,
            @Nullable String cellId,
            @Nullable String label,
            @Nullable String reviewer,
            Origin origin) {
        String cell = Parameters.required("cellId", cellId);
        String given = Parameters.required("label", label);
        String by = reviewer(reviewer);
        if (Arrays.stream(ReviewLabel.values()).noneMatch(known -> known.name().equals(given))) {
            throw Problem.unprocessable(
                    "UNKNOWN_LABEL", "Unknown label", "A label is BLAST, NOT_BLAST or NOT_A_CELL, not " + given + ".");
        }
        return accepted(specimenId, cell, given, by, origin);
    }

    /** Takes a reviewer's own label of a cell back. */
    public ReviewAccepted withdraw(String specimenId, String cellId, @Nullable String reviewer) {
        return accepted(specimenId, cellId, null, reviewer(reviewer), Origin.AS_DRAWN);
    }

    /** The next cells drawn at random for a reviewer, from the frame that covers all cells; empty where none is open. */
    public Optional<List<DrawJson>> draw(String specimenId, @Nullable String reviewer, int count) {
        String by = reviewer(reviewer);
        known(specimenId);
        return draws.next(specimenId, by, count);
    }

    /**
     * Opens a frame where none covers all cells, and waits until the log's frame is read, no longer than it may.
     *
     * @return the frame that covers all cells
     */
    public FrameJson open(String specimenId, @Nullable String reviewer, Duration atMost) throws InterruptedException {
        String by = reviewer(reviewer);
        known(specimenId);
        ReviewFrame frame = draws.open(specimenId, by)
                .orElseThrow(() -> Problem.conflict(
                        "NO_CELLS", "No cell to draw", "No cell of the specimen " + specimenId + " was found yet."));
        await(atMost, () -> stores.review(specimenId).review().current().isPresent());
        return new FrameJson(specimenId, frame.id(), frame.size());
    }

    /** Waits until the specimen's reviews hold an event, so that who wrote it reads it; no longer than it may. */
    public void awaitRead(String specimenId, String eventId, Duration atMost) throws InterruptedException {
        await(atMost, () -> stores.reviews(specimenId).stream().anyMatch(event -> eventId.equals(event.getEventId())));
    }

    private static void await(Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private ReviewAccepted accepted(
            String specimenId, String cellId, @Nullable String label, String reviewer, Origin origin) {
        known(specimenId);
        ReviewReading reading = stores.review(specimenId);
        CellKey cell =
                Identity.isCellId(cellId) && Identity.specimenIdOf(cellId).equals(specimenId)
                        ? reading.cell(cellId)
                        : null;
        boolean framed = cell != null
                && reading.review().sequences().stream()
                        .anyMatch(sequence -> sequence.frame().contains(cell));
        if (cell == null || !(framed || reading.found().containsKey(cell))) {
            throw Problem.unprocessable(
                    "UNKNOWN_CELL", "Unknown cell", "The specimen " + specimenId + " has no cell " + cellId + ".");
        }
        CellReview before = standing(specimenId, cellId, reviewer);
        if (label == null && before == null) {
            throw Problem.conflict(
                    "NO_LABEL", "No label to take back", "The reviewer has no label on this cell that stands.");
        }
        CellReview event = CellReview.newBuilder()
                .setEventId(UUID.randomUUID().toString())
                .setSpecimenId(specimenId)
                .setEvent(label == null ? "LABEL_WITHDRAWN" : "CELL_LABELLED")
                .setFrameId(frameOf(specimenId, cell, reading, label, before, origin))
                .setCellId(cellId)
                .setOldLabel(before == null ? null : before.getNewLabel())
                .setNewLabel(label)
                .setReviewer(reviewer)
                .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .build();
        commands.review(event);
        return new ReviewAccepted(
                event.getEventId(),
                cellId,
                event.getFrameId(),
                event.getFrameId() != null,
                event.getOldLabel(),
                label,
                reviewer);
    }

    /** The frame that an event belongs to; what is taken back is taken back from where it was given. */
    private @Nullable String frameOf(
            String specimenId,
            CellKey cell,
            ReviewReading reading,
            @Nullable String label,
            @Nullable CellReview before,
            Origin origin) {
        if (label == null) {
            return Objects.requireNonNull(before).getFrameId();
        }
        return switch (origin) {
            case AS_DRAWN -> draws.frameOf(specimenId, cell, reading).orElse(null);
            case CHOSEN -> null;
        };
    }

    /** The reviewer's last label of the cell, unless it was withdrawn since. */
    private @Nullable CellReview standing(String specimenId, String cellId, String reviewer) {
        List<CellReview> own = stores.reviews(specimenId).stream()
                .filter(event -> cellId.equals(event.getCellId()) && reviewer.equals(event.getReviewer()))
                .sorted(Comparator.comparing(CellReview::getAt).thenComparing(CellReview::getEventId))
                .toList();
        return own.isEmpty() || own.getLast().getNewLabel() == null ? null : own.getLast();
    }

    private void known(String specimenId) {
        if (stores.sums(specimenId) == null) {
            throw Problem.notFound("specimen", specimenId);
        }
    }

    private static String reviewer(@Nullable String text) {
        return Parameters.person("reviewer", text);
    }
}
