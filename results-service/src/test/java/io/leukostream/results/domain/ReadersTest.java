package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The course of a review's interval, and two readers beside each other. */
class ReadersTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final double ALPHA = 0.025;
    private static final List<ReviewLabel> LABELS = List.of(ReviewLabel.values());

    private final List<CellKey> cells = IntStream.range(0, 60)
            .mapToObj(number -> new CellKey(Fingerprint.of("image " + number), new Box(0, 0, 30, 30)))
            .toList();
    private final ReviewFrame frame = new ReviewFrame(cells);
    private final List<ReviewEvent> events = new ArrayList<>();

    private void label(String reader, int place, ReviewLabel label) {
        int number = events.size();
        events.add(new ReviewEvent.Labelled(
                "event " + number,
                NOON.plusSeconds(number),
                frame.id(),
                frame.drawOrder().get(place),
                label,
                reader));
    }

    private Review.Sequence sequence() {
        events.add(new ReviewEvent.FrameOpened("opened", NOON.minusSeconds(1), frame));
        return Review.of(events, cells).current().orElseThrow();
    }

    @Test
    void theLastStepOfTheCourseIsTheSequencesOwnInterval() {
        // Given
        for (int place = 0; place < 30; place++) {
            label(
                    "first",
                    place,
                    place % 7 == 0
                            ? ReviewLabel.NOT_A_CELL
                            : place % 3 == 0 ? ReviewLabel.BLAST : ReviewLabel.NOT_BLAST);
        }
        label("first", 40, ReviewLabel.BLAST);
        Review.Sequence sequence = sequence();

        // When
        ReviewCourse course = ReviewCourse.of(sequence, events, ALPHA);

        // Then
        ReviewCourse.Step last = course.steps().getLast();
        assertEquals(sequence.labelled(), course.steps().size());
        assertEquals(sequence.labelled(), last.labelled());
        assertEquals(sequence.blasts(), last.blasts());
        assertEquals(sequence.interval(ALPHA).outward(), last.interval());
        for (int k = 0; k < course.steps().size(); k++) {
            assertEquals(k + 1, course.steps().get(k).labelled());
        }
    }

    @Test
    void withoutALabelThereIsNoCourseAndNoDoubleReading() {
        // Given
        Review.Sequence sequence = sequence();

        // When, Then
        assertEquals(ReviewCourse.NONE, ReviewCourse.of(sequence, events, ALPHA));
        assertEquals(List.of(), DoubleReading.of(sequence, events));
    }

    /** Cohen 1960's form of the figure: 50 cells, 20 and 15 alike, 5 and 10 not: 0.7 observed, 0.5 by chance. */
    @Test
    void kappaIsCohens() {
        // Given
        int place = 0;
        for (int[] pair : new int[][] {{20, 1, 1}, {5, 1, 0}, {10, 0, 1}, {15, 0, 0}}) {
            for (int k = 0; k < pair[0]; k++) {
                label("first", place, pair[1] == 1 ? ReviewLabel.BLAST : ReviewLabel.NOT_BLAST);
                label("second", place, pair[2] == 1 ? ReviewLabel.BLAST : ReviewLabel.NOT_BLAST);
                place++;
            }
        }

        // When
        DoubleReading reading = DoubleReading.of(sequence(), events).getFirst();

        // Then
        assertEquals("first", reading.primary());
        assertEquals("second", reading.second());
        assertEquals(50, reading.cells());
        assertEquals(35, reading.agreed());
        assertEquals(15, reading.disagreements().size());
        assertEquals(0.4, reading.kappa(), 1e-12);
    }

    @Test
    void kappaIsUndefinedWhereChanceAloneAgrees() {
        // Given
        label("first", 0, ReviewLabel.BLAST);
        label("second", 0, ReviewLabel.BLAST);
        label("third", 9, ReviewLabel.BLAST);

        // When
        List<DoubleReading> readings = DoubleReading.of(sequence(), events);

        // Then
        assertEquals(
                List.of("second", "third"),
                readings.stream().map(DoubleReading::second).toList());
        assertNull(readings.getFirst().kappa());
        assertEquals(1, readings.getFirst().agreed());
        assertEquals(0, readings.getLast().cells());
        assertNull(readings.getLast().kappa());
        assertThrows(IllegalArgumentException.class, () -> new DoubleReading("a", "a", 0, 0, null, List.of()));
    }

    @Test
    void neitherDependsOnTheOrderOfArrivalOrOnRepetition() {
        // Given
        long seed = 20_261_126L;
        Random random = new Random(seed);
        for (int k = 0; k < 200; k++) {
            label("reader " + random.nextInt(3), random.nextInt(25), LABELS.get(random.nextInt(LABELS.size())));
        }
        Review.Sequence sequence = sequence();
        ReviewCourse course = ReviewCourse.of(sequence, events, ALPHA);
        List<DoubleReading> readings = DoubleReading.of(sequence, events);
        List<ReviewEvent> disturbed = new ArrayList<>(events);
        disturbed.addAll(events.subList(0, 50));
        Collections.shuffle(disturbed, random);

        // When, Then
        assertEquals(course, ReviewCourse.of(sequence, disturbed, ALPHA), "seed " + seed);
        assertEquals(readings, DoubleReading.of(sequence, disturbed), "seed " + seed);
        assertTrue(
                readings.stream().anyMatch(reading -> !reading.disagreements().isEmpty()), "seed " + seed);
    }
}
