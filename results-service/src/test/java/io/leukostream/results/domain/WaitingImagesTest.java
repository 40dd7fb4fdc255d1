package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WaitingImagesTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final OverdueRule TEN_MINUTES = new OverdueRule(Duration.ofMinutes(10));

    @Test
    void anImageIsOverdueAfterTheTimeAndNotAtIt() {
        // Given
        Map<String, Instant> pending = Map.of(
                "S-AAAA.A", NOW.minusSeconds(600),
                "S-AAAA.C", NOW.minusSeconds(601),
                "S-AAAA.B", NOW.minusSeconds(601));

        // When
        WaitingImages waiting = WaitingImages.of(pending, NOW, TEN_MINUTES);

        // Then
        assertEquals(new WaitingImages(3, 2, NOW.minusSeconds(601), "S-AAAA.B"), waiting);
        assertEquals(new WaitingImages(0, 0, null, null), WaitingImages.of(Map.of(), NOW, TEN_MINUTES));
    }

    @Test
    void whatIsTakenOutOfAnAccountMustBeInIt() {
        // Given
        LocalDate day = LocalDate.of(2026, 11, 26);
        ImageOutcome truncated = new ImageOutcome.Rejected(1, null, "IMAGE_TRUNCATED", "1.0.0", "b");
        ImageOutcome unknown = new ImageOutcome.Rejected(1, null, "PIXEL_SIZE_UNKNOWN", "1.0.0", "b");
        ImageAccount two =
                ImageAccount.of("s1", day, "S-AAAA", truncated).plus(ImageAccount.of("s1", day, "S-AAAA", null));

        // When
        ImageAccount one = two.minus(ImageAccount.of("s1", day, "S-AAAA", truncated));

        // Then
        assertEquals(1, two.pending());
        assertEquals(new ImageAccount("s1", day, "S-AAAA", 1, 0, new TreeMap<>()), one);
        assertThrows(IllegalArgumentException.class, () -> two.minus(ImageAccount.of("s1", day, "S-AAAA", unknown)));
    }
}
