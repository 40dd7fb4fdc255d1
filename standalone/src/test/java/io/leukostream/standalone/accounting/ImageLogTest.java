package io.leukostream.standalone.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.standalone.accounting.ImageLog.Origin;
import io.leukostream.standalone.accounting.ImageLog.Place;
import io.leukostream.standalone.accounting.ImageLog.Tally;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageLogTest {
    private static final Instant AT = Instant.parse("2026-11-26T23:59:59.5Z");
    private static final Origin FROM_S1 = new Origin("s1", AT);
    private static final Set<Place> DONE_UP_TO_10 = Set.of(new Place("smear.images", 0, 10));

    @Test
    void anImageBelowTheCommittedOffsetWithoutOutcomeIsLost() {
        // Given
        ImageLog log = new ImageLog();
        log.image(place(9), "S-AAAA.LOST", AT);
        log.image(place(10), "S-AAAA.WAITS", AT);

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertEquals(List.of("S-AAAA.LOST"), balance.lost());
        assertEquals(List.of("S-AAAA.WAITS"), balance.pending());
        assertFalse(balance.isSound());
    }

    @Test
    void aReceiptWhoseImageIsGoneFromTheLogIsLost() {
        // Given
        ImageLog log = new ImageLog();
        log.receipt("S-AAAA.GONE", place(3), FROM_S1);

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertEquals(List.of("S-AAAA.GONE"), balance.lost());
    }

    @Test
    void anImageSentAgainThatStillWaitsIsPendingNotLost() {
        // Given
        ImageLog log = new ImageLog();
        log.image(place(9), "S-AAAA.AGAIN", AT);
        log.image(place(11), "S-AAAA.AGAIN", AT);

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertEquals(List.of(), balance.lost());
        assertEquals(List.of("S-AAAA.AGAIN"), balance.pending());
    }

    @Test
    void severalOutcomeRecordsOfOneImageAreOneImage() {
        // Given
        ImageLog log = registered(new Tally(1, 1, 0, 0));
        log.classified("S-AAAA.ONE", 1, place(1), FROM_S1);
        log.classified("S-AAAA.ONE", 1, place(1), FROM_S1);
        log.rejected("S-AAAA.ONE", 1, place(2), "IMAGE_TRUNCATED", FROM_S1);

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertTrue(balance.isSound());
        assertEquals(1, balance.received());
        assertEquals(1, balance.classified());
        assertEquals(0, balance.rejected());
    }

    @Test
    void aTallyThatCountsAnImageTwiceIsNamedWithTheImage() {
        // Given
        ImageLog log = registered(new Tally(2, 2, 0, 0));
        log.classified("S-AAAA.ONE", 1, place(1), FROM_S1);
        log.classified("S-AAAA.ONE", 1, place(2), FROM_S1);

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertEquals(1, balance.doubled().size());
        assertTrue(balance.doubled().getFirst().contains("S-AAAA.ONE"));
        assertFalse(balance.isSound());
    }

    @Test
    void aTallyThatMissesAnOutcomeIsNamed() {
        // Given
        ImageLog log = registered(new Tally(1, 0, 0, 1));
        log.rejected("S-AAAA.ONE", 1, place(1), "IMAGE_TRUNCATED", FROM_S1);

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertEquals(1, balance.uncounted().size());
        assertFalse(balance.isSound());
    }

    @Test
    void imagesOfASpecimenThatNobodyRegisteredAreListedAndNotLost() {
        // Given
        ImageLog log = new ImageLog();
        log.classified("S-BBBB.ONE", 1, place(1), FROM_S1);

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertEquals(List.of("S-BBBB"), balance.unknownSpecimens());
        assertTrue(balance.isSound());
    }

    @Test
    void theOutcomeOfTheHighestAttemptCounts() {
        // Given
        ImageLog log = registered(new Tally(2, 1, 1, 0));
        log.rejected("S-AAAA.MENDED", 1, place(1), "PROCESSING_FAILED", FROM_S1);
        log.classified("S-AAAA.MENDED", 2, place(4), FROM_S1);
        log.rejected("S-AAAA.WORSE", 2, place(5), "IMAGE_TRUNCATED", FROM_S1);
        log.classified("S-AAAA.WORSE", 1, place(2), FROM_S1);

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertTrue(balance.isSound(), balance.toString());
        assertEquals(1, balance.classified());
        assertEquals(Map.of("IMAGE_TRUNCATED", 1), balance.rejectedByReason());
    }

    @Test
    void everyImageStandsInOneScannerAndOneDay() {
        // Given
        ImageLog log = registered(new Tally(3, 1, 1, 1));
        Origin dayBefore = new Origin(null, AT.minusSeconds(86_400));
        log.receipt("S-AAAA.ONE", place(1), FROM_S1);
        log.classified("S-AAAA.ONE", 1, place(1), dayBefore);
        log.rejected("S-AAAA.TWO", 1, place(2), "IMAGE_TRUNCATED", dayBefore);
        log.receipt("S-AAAA.WAITS", place(11), FROM_S1);
        log.image(place(12), "S-AAAA.UNTOLD", AT.plusSeconds(1));

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        Map<String, Integer> truncated = Map.of("IMAGE_TRUNCATED", 1);
        String oldest = "2026-11-26T23:59:59.500Z";
        String newest = "2026-11-27T00:00:00.500Z";
        assertEquals(
                List.of(
                        new Balance.ScannerLine("s1", 2, 1, 0, Map.of(), 1, oldest),
                        new Balance.ScannerLine(null, 2, 0, 1, truncated, 1, newest)),
                balance.scanners());
        assertEquals(
                List.of(
                        new Balance.DayLine("2026-11-27", 1, 0, 0, Map.of(), 1, newest),
                        new Balance.DayLine("2026-11-26", 2, 1, 0, Map.of(), 1, oldest),
                        new Balance.DayLine("2026-11-25", 1, 0, 1, truncated, 0, null)),
                balance.days());
        assertEquals(oldest, balance.oldestPendingAt());
    }

    private static ImageLog registered(Tally tally) {
        ImageLog log = new ImageLog();
        log.specimen("S-AAAA");
        log.tally("S-AAAA", tally);
        return log;
    }

    private static Place place(long offset) {
        return new Place("smear.images", 0, offset);
    }
}
