package io.leukostream.ingest.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.ingest.domain.DicomPlace.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

class DicomPlaceTest {
    private static final Mark FIRST = mark(3);
    private static final Mark SECOND = mark(7);
    private static final DicomPlace PLACE = DicomPlace.START.after(9, List.of(FIRST, SECOND));

    @Test
    void isInTheListThatItWasMadeFromAndInWhatDeletionsLeaveOfIt() {
        // Given
        List<List<Mark>> lists = List.of(List.of(FIRST, SECOND), List.of(FIRST), List.of(SECOND));

        for (List<Mark> listed : lists) {
            // When
            boolean isIn = PLACE.isIn(listed);

            // Then
            assertTrue(isIn, listed.toString());
        }
    }

    @Test
    void isNotInAListThatWasEmptiedReplacedOrRestored() {
        // Given what an emptied one lists, another one, and a backup of the first half that has since gone on
        List<List<Mark>> lists = List.of(
                List.of(),
                List.of(new Mark(3, "00000000"), new Mark(7, "00000001")),
                List.of(FIRST, new Mark(7, "00000001")),
                List.of(FIRST, new Mark(5, "00000002")));

        for (List<Mark> listed : lists) {
            // When
            boolean isIn = PLACE.isIn(listed);

            // Then
            assertFalse(isIn, listed.toString());
        }
    }

    @Test
    void isAtTheStartInAnyList() {
        // Given
        List<Mark> listed = List.of();

        // When
        boolean isIn = DicomPlace.START.isIn(listed);

        // Then
        assertTrue(isIn);
    }

    @Test
    void remembersTheLastFiftyOnly() {
        // Given
        DicomPlace place = DicomPlace.START;

        // When
        for (int sequence = 1; sequence <= 120; sequence++) {
            place = place.after(sequence, List.of(mark(sequence)));
        }

        // Then
        assertEquals(50, place.marks().size());
        assertEquals(71, place.firstMarked());
        assertEquals(120, place.sequence());
    }

    private static Mark mark(long sequence) {
        return new Mark(sequence, String.format("%016x", sequence * 0x9E3779B9L));
    }
}
