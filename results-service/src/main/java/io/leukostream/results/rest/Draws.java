package io.leukostream.results.rest;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.CellKey;
import io.leukostream.results.domain.Review;
import io.leukostream.results.domain.ReviewFrame;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.ReviewReading;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Draws cells for review and remembers which were drawn, so that a label says whether its cell was drawn or chosen. What
 * was handed out is remembered by this instance; because another may have handed out, or this one before a restart, the
 * next cells of the order count as drawn too, as many as one call hands out by default. Either way only the order of the
 * frozen frame decides which labels count.
 */
@ApplicationScoped
public class Draws {
    /** Cells of one call where it does not say. */
    public static final int DEFAULT_COUNT = 20;

    private static final int MOST_REMEMBERED = 2_000;

    private final ResultsStores stores;
    private final Commands commands;
    private final Map<String, HandedOut> handedOut = new ConcurrentHashMap<>();

    private record HandedOut(ReviewFrame frame, Set<CellKey> cells) {}

    /** Draws from what these stores hold. */
    public Draws(ResultsStores stores, Commands commands) {
        this.stores = stores;
        this.commands = commands;
    }

    /** The frame that covers all cells, opened where there is none; empty where there is no cell. */
    Optional<ReviewFrame> open(String specimenId, String reviewer) {
        ReviewReading reading = stores.review(specimenId);
        if (reading.found().isEmpty()) {
            return Optional.empty();
        }
        ReviewFrame frame = current(specimenId, reading).orElseGet(() -> open(specimenId, reading, reviewer));
        remember(specimenId, frame, List.of());
        return Optional.of(frame);
    }

    /** The next cells for a reviewer from the frame that covers all cells; empty where none is open. Writes nothing. */
    Optional<List<DrawJson>> next(String specimenId, String reviewer, int count) {
        ReviewReading reading = stores.review(specimenId);
        return current(specimenId, reading).map(frame -> next(specimenId, reading, frame, reviewer, count));
    }

    private List<DrawJson> next(
            String specimenId, ReviewReading reading, ReviewFrame frame, String reviewer, int count) {
        List<CellKey> drawn = Review.nextDraws(frame, reading.events(), reviewer).stream()
                .limit(count)
                .toList();
        remember(specimenId, frame, drawn);
        return drawn.stream()
                .map(cell -> {
                    String cellId = reading.cellId(cell);
                    return new DrawJson(
                            cellId, io.leukostream.schemas.Identity.imageIdOf(cellId), Views.cropUrl(cellId));
                })
                .toList();
    }

    /** The frame from which the cell was drawn; empty where the reviewer chose it. */
    Optional<String> frameOf(String specimenId, CellKey cell, ReviewReading reading) {
        return current(specimenId, reading)
                .filter(frame -> wasDrawn(specimenId, frame, cell, reading))
                .map(ReviewFrame::id);
    }

    private boolean wasDrawn(String specimenId, ReviewFrame frame, CellKey cell, ReviewReading reading) {
        HandedOut out = handedOut.get(specimenId);
        if (out != null && out.frame().id().equals(frame.id()) && out.cells().contains(cell)) {
            return true;
        }
        int labelled = reading.review().current().map(Review.Sequence::drawn).orElse(0);
        return frame.drawOrder().stream().limit(labelled + DEFAULT_COUNT).anyMatch(cell::equals);
    }

    /** The frame that covers all cells: the log's, or the one just opened that the topology has not read yet. */
    private Optional<ReviewFrame> current(String specimenId, ReviewReading reading) {
        Optional<ReviewFrame> known = reading.review().current().map(Review.Sequence::frame);
        return known.isPresent()
                ? known
                : Optional.ofNullable(handedOut.get(specimenId))
                        .map(HandedOut::frame)
                        .filter(frame -> frame.covers(reading.found().keySet()));
    }

    private ReviewFrame open(String specimenId, ReviewReading reading, String reviewer) {
        ReviewFrame frame = new ReviewFrame(reading.found().keySet());
        commands.review(CellReview.newBuilder()
                .setEventId(UUID.randomUUID().toString())
                .setSpecimenId(specimenId)
                .setEvent("FRAME_OPENED")
                .setFrameId(frame.id())
                .setFrameCellIds(reading.found().values().stream().sorted().toList())
                .setDrawKey(frame.drawKey())
                .setReviewer(reviewer)
                .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .build());
        return frame;
    }

    private void remember(String specimenId, ReviewFrame frame, List<CellKey> drawn) {
        if (handedOut.size() >= MOST_REMEMBERED) {
            handedOut.clear();
        }
        HandedOut out = handedOut.compute(
                specimenId,
                (id, before) -> before != null && before.frame().id().equals(frame.id())
                        ? before
                        : new HandedOut(frame, ConcurrentHashMap.newKeySet()));
        out.cells().addAll(drawn);
    }
}
