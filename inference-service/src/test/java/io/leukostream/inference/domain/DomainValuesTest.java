package io.leukostream.inference.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

    @Test
    void aCellIsCalledByTheRuleOfItsKindAndKeptFromCountingByTheFirstLimitThatDoesNotHold() {
        // Given: normal, blast and a type's logit of two types, then a figure of the cell's appearance
        CallRule cell = new CallRule(
                0,
                1,
                new Calibration(1, 0),
                0.5,
                new AreaRange(50, 300),
                false,
                null,
                List.of(
                        new AppearanceLimit(new AppearanceRange(4, 1, 2), Gate.OUT_OF_FOCUS),
                        new AppearanceLimit(new AppearanceRange(4, Double.NEGATIVE_INFINITY, 3), Gate.UNLIKE_TRAINING)),
                List.of());
        CallRule field = new CallRule(
                3, 2, new Calibration(1, 0), 0.9, new AreaRange(10, 100), true, null, List.of(), List.of());
        ModelDescription model = description(Map.of(Kind.CELL, cell, Kind.FIELD, field));
        float[] answers = {9, 9, 9, 9, 9, 0, 1, 2, 1, 1.5f};

        // When / Then
        assertEquals(new CellCall(true, 0.7311, null, null, false), model.call(Kind.CELL, 100, answers, 5));
        assertEquals(
                new CellCall(false, 0.7311, "BLAST", Gate.SIZE_OUT_OF_RANGE, false),
                model.call(Kind.FIELD, 101, answers, 5));
        assertEquals(new CellCall(false, 0.7311, "BLAST", null, false), model.call(Kind.FIELD, 100, answers, 5));
        answers[8] = 3;
        assertEquals(
                new CellCall(false, 0.2689, ModelDescription.NOT_IDENTIFIABLE, Gate.NOT_IDENTIFIABLE, false),
                model.call(Kind.FIELD, 100, answers, 5));
        answers[9] = 4;
        assertEquals(Gate.OUT_OF_FOCUS, model.call(Kind.CELL, 100, answers, 5).gate());
        answers[9] = Float.NaN;
        assertEquals(Gate.OUT_OF_FOCUS, model.call(Kind.CELL, 100, answers, 5).gate());
    }

    @Test
    void aCellThatMayBeUnidentifiableIsDoubtfulAndOneThatNearlySurelyIsDoesNotCount() {
        // Given: logits of BLAST and of NOT_IDENTIFIABLE in the third and fourth column
        CallRule field = rule(new CallRule.Identifiability(0.2, 0.9), List.of(), List.of());
        CallRule cell = rule(null, List.of(), List.of());
        ModelDescription model = description(Map.of(Kind.CELL, cell, Kind.FIELD, field));

        // Then: probabilities of 0.198, 0.201, 0.8999 and 0.9003
        assertEquals(
                new CellCall(true, 0.7311, "BLAST", null, false),
                model.call(Kind.FIELD, 50, new float[] {0, 1, 1.4f, 0, 0}, 0));
        assertEquals(
                new CellCall(true, 0.7311, "BLAST", null, true),
                model.call(Kind.FIELD, 50, new float[] {0, 1, 1.38f, 0, 0}, 0));
        assertEquals(
                new CellCall(true, 0.7311, ModelDescription.NOT_IDENTIFIABLE, null, true),
                model.call(Kind.FIELD, 50, new float[] {0, 1, 0, 2.196f, 0}, 0));
        assertEquals(
                new CellCall(true, 0.7311, ModelDescription.NOT_IDENTIFIABLE, Gate.NOT_IDENTIFIABLE, false),
                model.call(Kind.FIELD, 50, new float[] {0, 1, 0, 2.2f, 0}, 0));
        assertThrows(IllegalArgumentException.class, () -> new CallRule.Identifiability(0.95, 0.9));
    }

    @Test
    void aCellBeyondARangeOfDoubtCountsAndIsDoubtfulUnlessALimitKeepsItFromCounting() {
        // Given: one figure of the appearance, with a range of doubt within a limit
        CallRule rule = rule(
                null,
                List.of(new AppearanceLimit(new AppearanceRange(4, 0, 2), Gate.UNLIKE_TRAINING)),
                List.of(new AppearanceRange(4, Double.NEGATIVE_INFINITY, 1)));
        ModelDescription model = description(Map.of(Kind.CELL, rule, Kind.FIELD, rule));

        // Then
        assertEquals(
                new CellCall(true, 0.7311, null, null, false),
                model.call(Kind.CELL, 50, new float[] {0, 1, 0, 0, 1}, 0));
        assertEquals(
                new CellCall(true, 0.7311, null, null, true),
                model.call(Kind.CELL, 50, new float[] {0, 1, 0, 0, 1.1f}, 0));
        assertEquals(
                new CellCall(true, 0.7311, null, Gate.UNLIKE_TRAINING, false),
                model.call(Kind.CELL, 50, new float[] {0, 1, 0, 0, 2.1f}, 0));
        assertEquals(
                new CellCall(true, 0.7311, null, Gate.SIZE_OUT_OF_RANGE, false),
                model.call(Kind.CELL, 101, new float[] {0, 1, 0, 0, 1.1f}, 0));
    }

    @Test
    void aDescriptionHasARuleForEachKind() {
        // When
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> description(Map.of()));

        // Then
        assertTrue(String.valueOf(refused.getMessage()).contains("CELL"), refused.getMessage());
    }

    /** Normal and blast in the first columns; of typed cells where one may be unidentifiable. */
    private static CallRule rule(
            CallRule.@Nullable Identifiability identifiability,
            List<AppearanceLimit> limits,
            List<AppearanceRange> doubtfulBeyond) {
        return new CallRule(
                0,
                1,
                new Calibration(1, 0),
                0.5,
                new AreaRange(10, 100),
                identifiability != null,
                identifiability,
                limits,
                doubtfulBeyond);
    }

    private static ModelDescription description(Map<Kind, CallRule> rules) {
        return new ModelDescription(
                "test",
                SemVer.parse("1.0.0"),
                "00",
                "in",
                "out",
                128,
                Collections.nCopies(3, new ChannelScaling(0, 1)),
                new CropRule(20, 0.1),
                5,
                List.of("BLAST", ModelDescription.NOT_IDENTIFIABLE),
                2,
                rules,
                List.of(),
                List.of());
    }
}
