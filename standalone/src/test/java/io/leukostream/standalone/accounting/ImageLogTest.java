package io.leukostream.standalone.accounting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.standalone.accounting.ImageLog.Place;
import io.leukostream.standalone.accounting.ImageLog.Tally;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageLogTest {
    private static final Set<Place> DONE_UP_TO_10 = Set.of(new Place("smear.images", 0, 10));

    @Test
    void anImageBelowTheCommittedOffsetWithoutOutcomeIsLost() {
        // Given
        ImageLog log = new ImageLog();
        log.image(place(9), "S-AAAA.LOST");
        log.image(place(10), "S-AAAA.WAITS");

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
        log.receipt("S-AAAA.GONE", place(3));

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertEquals(List.of("S-AAAA.GONE"), balance.lost());
    }

    @Test
    void anImageSentAgainThatStillWaitsIsPendingNotLost() {
        // Given
        ImageLog log = new ImageLog();
        log.image(place(9), "S-AAAA.AGAIN");
        log.image(place(11), "S-AAAA.AGAIN");

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
        log.classified("S-AAAA.ONE", place(1));
        log.classified("S-AAAA.ONE", place(1));
        log.rejected("S-AAAA.ONE", place(2), "IMAGE_TRUNCATED");

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
        log.classified("S-AAAA.ONE", place(1));
        log.classified("S-AAAA.ONE", place(2));

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
        log.rejected("S-AAAA.ONE", place(1), "IMAGE_TRUNCATED");

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
        log.classified("S-BBBB.ONE", place(1));

        // When
        Balance balance = log.balance(DONE_UP_TO_10);

        // Then
        assertEquals(List.of("S-BBBB"), balance.unknownSpecimens());
        assertTrue(balance.isSound());
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
