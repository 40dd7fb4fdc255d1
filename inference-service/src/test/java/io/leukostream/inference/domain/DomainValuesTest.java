package io.leukostream.inference.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainValuesTest {
    @ParameterizedTest
    @CsvSource({"0, 0, 0.5", "0, 1, 0.8176", "3, 1, 0.0293", "-40, 40, 1", "40, -40, 0"})
    void aProbabilityIsPlattsAndRoundedToTenThousandths(float normal, float blast, double expected) {
        // Given
        Calibration calibration = new Calibration(normal == 0 && blast == 0 ? 1 : 1.5, normal == 3 ? -0.5 : 0);

        // When
        double probability = calibration.blastProbability(normal, blast);

        // Then
        assertEquals(expected, probability, 1e-9);
    }

    @Test
    void anAnswerThatIsNotFiniteIsNoProbability() {
        // Given
        Calibration calibration = new Calibration(1, 0);

        // When / Then
        assertThrows(ArithmeticException.class, () -> calibration.blastProbability(Float.NaN, 1));
        assertThrows(ArithmeticException.class, () -> calibration.blastProbability(0, Float.POSITIVE_INFINITY));
    }

    @Test
    void versionsAreOrderedByNumber() {
        // Given
        List<String> texts = List.of("1.10.0", "1.9.9", "2.0.0", "1.9.10");

        // When
        List<String> sorted =
                texts.stream().map(SemVer::parse).sorted().map(SemVer::toString).toList();

        // Then
        assertEquals(List.of("1.9.9", "1.9.10", "1.10.0", "2.0.0"), sorted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.0.0-rc1", "01.0.0", "", "v1.0.0", "1.0.99999999999"})
    void whatIsNoVersionIsRefusedWithItsText(String text) {
        // When
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> SemVer.parse(text));

        // Then
        assertTrue(String.valueOf(refused.getMessage()).contains(text));
    }

    @Test
    void aCropIsRoundedHalfUpAndNeverEmpty() {
        // Given
        CropRule rule = new CropRule(22.1, 0.065);

        // When / Then
        assertEquals(340, rule.sidePx(new PixelSize(0.065, PixelSize.Origin.NOMINAL)));
        assertEquals(221, rule.sidePx(new PixelSize(0.1, PixelSize.Origin.STATED)));
        assertEquals(4, rule.sidePx(new PixelSize(5, PixelSize.Origin.STATED)));
        assertEquals(1, new CropRule(0.1, 0.065).sidePx(new PixelSize(5, PixelSize.Origin.STATED)));
    }

    @Test
    void boxesAreOrderedByRowThenColumnThenHeightThenWidth() {
        // Given
        CellBox first = new CellBox(9, 1, 1, 1);
        CellBox second = new CellBox(2, 3, 9, 4);
        CellBox third = new CellBox(2, 3, 1, 5);

        // When
        List<CellBox> sorted = List.of(third, second, first).stream().sorted().toList();

        // Then
        assertEquals(List.of(first, second, third), sorted);
    }

    @Test
    void aBoxTouchesTheEdgeOnAnySide() {
        assertFalse(new CellBox(1, 1, 8, 8).touchesEdgeOf(10, 10));
        assertTrue(new CellBox(0, 1, 8, 8).touchesEdgeOf(10, 10));
        assertTrue(new CellBox(1, 0, 8, 8).touchesEdgeOf(10, 10));
        assertTrue(new CellBox(1, 1, 9, 8).touchesEdgeOf(10, 10));
        assertTrue(new CellBox(1, 1, 8, 9).touchesEdgeOf(10, 10));
    }
}
