package io.leukostream.ingest.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.schemas.PixelScale;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
    private final Map<String, List<String>> fields = new HashMap<>(Map.of(
            "patient", List.of("Patient-4711"),
            "specimen", List.of("A1"),
            "specimenType", List.of("BONE_MARROW"),
            "kind", List.of("CELL")));

    @ParameterizedTest
    @ValueSource(strings = {"0.005", "5", "5e-3"})
    void bothEndsOfThePixelSizesArePossible(String size) {
        // Given: what inference takes, a door takes
        fields.put("pixelSizeMicrometres", List.of(size));

        // When
        Submission submission = complete(Form.submission(fields));

        // Then
        assertEquals(Double.parseDouble(size), submission.pixelSizeMicrometres());
        assertTrue(PixelScale.isPossible(Double.parseDouble(size)));
    }

    @Test
    void readsTheFieldsThatMustBeThere() {
        // When
        Submission submission = complete(Form.submission(fields));

        // Then
        assertEquals(
                new Registrant("Patient-4711", "A1", SpecimenType.BONE_MARROW, SpecimenKind.CELL),
                submission.registrant());
        assertEquals(Priority.ROUTINE, submission.priority());
        assertNull(submission.pixelSizeMicrometres());
    }

    @Test
    void keepsOnlyTheDayOfCapture() {
        // Given
        fields.put("capturedAt", List.of("2026-01-31T23:59:30+01:00"));

        // When
        Submission submission = complete(Form.submission(fields));

        // Then
        assertEquals(LocalDate.of(2026, 1, 31), submission.capturedOn());
    }

    @ParameterizedTest
    @ValueSource(strings = {"patient", "specimen", "specimenType", "kind"})
    void namesAFieldThatIsMissingOrBlank(String field) {
        // Given
        fields.remove(field);
        Map<String, List<String>> blank = new HashMap<>(fields);
        blank.put(field, List.of(" \t"));

        // When
        Problem missing = refused(Form.submission(fields));
        Problem blanked = refused(Form.submission(blank));

        // Then
        assertEquals(ProblemCode.MISSING_FIELD, missing.code());
        assertEquals(field, missing.field());
        assertEquals(missing, blanked);
    }

    @ParameterizedTest
    @CsvSource({
        "specimenType, SPLEEN",
        "kind, cell",
        "priority, URGENT",
        "pixelSizeMicrometres, NaN",
        "pixelSizeMicrometres, Infinity",
        "pixelSizeMicrometres, 0.00499",
        "pixelSizeMicrometres, 5.001",
        "pixelSizeMicrometres, -0.1",
        "pixelSizeMicrometres, 0x1p-3",
        "pixelSizeMicrometres, '0,1'",
        "scanner, <script>",
        "scanner, a-name-that-is-far-too-long-to-be-an-alias",
        "capturedAt, 2026-01-30",
        "capturedAt, +12026-01-31T10:00:00Z",
        "stain, 'Wright\nGiemsa'",
        "patient, 'Anna\u0000'",
        "patient, 0123456789012345678901234567890123456789012345678901234567890123456789",
    })
    void namesAFieldThatIsNotAllowed(String field, String value) {
        // Given
        fields.put(field, List.of(value));

        // When
        Problem problem = refused(Form.submission(fields));

        // Then
        assertEquals(ProblemCode.INVALID_FIELD, problem.code());
        assertEquals(field, problem.field());
        assertFalse(problem.detail().contains(value), "what was submitted is not repeated");
    }

    @Test
    void blanksThatLookAlikeMakeOneIdentifier() {
        for (String written : List.of(
                "4711 A",
                " 4711 A ",
                "4711\u00a0A",
                "4711  A",
                "4711 A\u00a0",
                "\u20074711\u202fA",
                "4711\tA",
                "4711\u3000 A")) {
            // Given
            fields.put("patient", List.of(written));

            // When
            Submission submission = complete(Form.submission(fields));

            // Then
            assertEquals("4711 A", submission.registrant().patient());
        }
        fields.put("patient", List.of("\u00a0"));
        assertEquals(ProblemCode.MISSING_FIELD, refused(Form.submission(fields)).code());
        fields.put("patient", List.of("47\u200b11"));
        assertEquals(ProblemCode.INVALID_FIELD, refused(Form.submission(fields)).code());
    }

    @Test
    void whatCannotBeSeenIsNoPartOfAnIdentifier() {
        for (String hidden : List.of(
                "\u034f",
                "\u115f",
                "\u1160",
                "\u17b4",
                "\u180b",
                "\u180f",
                "\u2800",
                "\u3164",
                "\ufe0f",
                "\uffa0",
                "\udb40\udd00")) {
            // Given
            fields.put("patient", List.of("47" + hidden + "11"));

            // When
            Problem problem = refused(Form.submission(fields));

            // Then
            assertEquals(ProblemCode.INVALID_FIELD, problem.code());
            assertEquals("patient", problem.field());
        }
    }

    @Test
    void anAliasTellsNoIdentifierWithOtherBlanks() {
        // Given
        fields.put("patient", List.of("Anna 4711"));
        fields.put("scanner", List.of("Anna  4711"));

        // When
        Problem problem = refused(Form.submission(fields));

        // Then
        assertEquals("scanner", problem.field());
    }

    @Test
    void refusesAFieldThatWasGivenTwice() {
        // Given
        fields.put("patient", List.of("Anna", "Berta"));

        // When
        Problem problem = refused(Form.submission(fields));

        // Then
        assertEquals(ProblemCode.INVALID_FIELD, problem.code());
    }

    @Test
    void takesTwoWaysToTypeANameForOne() {
        // When
        String composed = complete(Form.patient(Map.of("patient", List.of("M\u00FCller"))));
        String decomposed = complete(Form.patient(Map.of("patient", List.of(" Mu\u0308ller "))));

        // Then
        assertEquals(composed, decomposed);
    }

    @Test
    void writesNoIdentifierInItsTextForm() {
        // Given
        fields.put("externalId", List.of("Accession-0815"));

        // When
        String text = complete(Form.submission(fields)).toString();

        // Then
        assertFalse(text.contains("4711") || text.contains("0815"), text);
    }

    private static <T> T complete(Form.Reading<T> reading) {
        return switch (reading) {
            case Form.Reading.Complete<T> complete -> complete.value();
            case Form.Reading.Refused<T> refused -> throw new AssertionError(refused);
        };
    }

    private static <T> Problem refused(Form.Reading<T> reading) {
        return assertInstanceOf(Form.Reading.Refused.class, reading).problem();
    }
}
