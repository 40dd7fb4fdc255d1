package io.leukostream.standalone.requeue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.leukostream.events.Coordinates;
import io.leukostream.standalone.requeue.ImageFates.Candidate;
import io.leukostream.standalone.requeue.ImageFates.Refusal;
import io.leukostream.standalone.requeue.ImageFates.Selection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageFatesTest {
    @Test
    void aReasonMeansTheImagesThatEndedByItAndNoOther() {
        // Given
        ImageFates fates = new ImageFates();
        fates.receipt("S-AAAA.FAILED", 1, at(1));
        fates.rejected("S-AAAA.FAILED", 1, at(1), "PROCESSING_FAILED");
        fates.rejected("S-AAAA.TRUNCATED", 1, at(2), "IMAGE_TRUNCATED");
        fates.rejected("S-AAAA.MENDED", 1, at(3), "PROCESSING_FAILED");
        fates.classified("S-AAAA.MENDED", 2, at(7));
        fates.rejected("S-BBBB.FAILED", 1, at(4), "PROCESSING_FAILED");
        fates.receipt("S-BBBB.WAITS", 1, at(5));

        // When
        Selection all = fates.select(new Wanted(null, Set.of("PROCESSING_FAILED"), false, Set.of()));
        Selection ofOne = fates.select(new Wanted("S-BBBB", Set.of("PROCESSING_FAILED"), true, Set.of()));

        // Then
        assertEquals(
                List.of(
                        new Candidate("S-AAAA.FAILED", 2, at(1), "rejected PROCESSING_FAILED at attempt 1"),
                        new Candidate("S-BBBB.FAILED", 2, at(4), "rejected PROCESSING_FAILED at attempt 1")),
                all.candidates());
        assertEquals(
                List.of("S-BBBB.FAILED", "S-BBBB.WAITS"),
                ofOne.candidates().stream().map(Candidate::imageId).toList());
    }

    @Test
    void anImageThatWasSentAgainIsPendingUntilItsLastAttemptHasAnOutcome() {
        // Given: outcomes and receipts in any order
        ImageFates fates = new ImageFates();
        fates.receipt("S-AAAA.AGAIN", 2, at(9));
        fates.rejected("S-AAAA.AGAIN", 1, at(1), "PROCESSING_FAILED");
        fates.receipt("S-AAAA.AGAIN", 1, at(1));

        // When
        Selection byReason = fates.select(new Wanted(null, Set.of("PROCESSING_FAILED"), false, Set.of()));
        Selection pending = fates.select(new Wanted("S-AAAA", Set.of(), true, Set.of()));

        // Then
        assertEquals(List.of(), byReason.candidates());
        assertEquals(List.of(new Candidate("S-AAAA.AGAIN", 3, at(9), "pending as attempt 2")), pending.candidates());
    }

    @Test
    void aSpecimenAloneMeansItsRejectedImages() {
        // Given
        ImageFates fates = new ImageFates();
        fates.rejected("S-AAAA.FAILED", 1, at(1), "PROCESSING_FAILED");
        fates.receipt("S-AAAA.WAITS", 1, at(2));
        fates.classified("S-AAAA.READ", 1, at(3));
        fates.rejected("S-BBBB.FAILED", 1, at(4), "PROCESSING_FAILED");

        // When
        Selection selection = fates.select(new Wanted("S-AAAA", Set.of(), false, Set.of()));

        // Then
        assertEquals(
                List.of("S-AAAA.FAILED"),
                selection.candidates().stream().map(Candidate::imageId).toList());
    }

    @Test
    void aNamedImageThatCannotBeMeantIsRefusedWithTheReason() {
        // Given
        ImageFates fates = new ImageFates();
        fates.classified("S-AAAA.READ", 1, at(3));

        // When
        Selection selection = fates.select(new Wanted(null, Set.of(), false, Set.of("S-AAAA.READ", "S-AAAA.NONE")));

        // Then
        assertEquals(List.of(), selection.candidates());
        assertEquals(
                Set.of(
                        new Refusal("S-AAAA.READ", "was classified; there is nothing to send again"),
                        new Refusal("S-AAAA.NONE", "neither a receipt nor an outcome names this image")),
                Set.copyOf(selection.refusals()));
        assertThrows(IllegalArgumentException.class, () -> new Wanted(null, Set.of(), false, Set.of()));
    }

    private static Coordinates at(long offset) {
        return new Coordinates("smear.images", 0, offset);
    }
}
