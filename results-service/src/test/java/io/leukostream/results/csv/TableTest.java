package io.leukostream.results.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.csv.Table.Row;
import io.leukostream.results.rest.CellJson;
import io.leukostream.results.rest.VerdictJson;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    @Test
    void commasQuotesAndLineBreaksStayInTheirField() throws IOException {
        // Given
        Table table = new Table("a", "b");

        // When
        String csv = text(table, Stream.of(Row.of("1, \"2\"", "3\n4"), Row.of(null, 0.25)));

        // Then
        assertEquals("a,b\r\n\"1, \"\"2\"\"\",\"3\n4\"\r\n,0.25\r\n", csv);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=HYPERLINK(\"http://x\")", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"})
    void whatASpreadsheetWouldCalculateIsText(String attack) throws IOException {
        // Given
        Table table = new Table("reviewer", "number");

        // When
        String csv = text(table, Stream.of(Row.of(attack, -1)));

        // Then
        CSVRecord row = parsed(csv).getFirst();
        assertEquals("'" + attack, row.get("reviewer"));
        assertEquals("-1", row.get("number"), "a number is a number");
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        // Given
        Table table = new Table("a", "b");

        // When
        var refusal = assertThrows(IllegalArgumentException.class, () -> text(table, Stream.of(Row.of("1"))));

        // Then
        assertTrue(refusal.getMessage().contains("[1]"), refusal.getMessage());
    }

    @Test
    void aVerdictHasARowForEachSpecimenWithItsFigures() throws IOException {
        // Given
        VerdictJson verdict = new VerdictJson(
                "P-7K2M9QXA",
                "INDETERMINATE",
                "sha256:ab",
                null,
                Instant.parse("2026-11-23T14:30:00Z"),
                true,
                null,
                List.of(
                        specimen(
                                "S-4F7Q2LTB",
                                new VerdictJson.Fraction(0.31, null, 0.125, 0.47, 0.95, "MODEL", "WHITE_CELLS_FOUND")),
                        specimen("S-5M6N7P8Q", null)));

        // When
        List<CSVRecord> rows = parsed(text(PatientTable.TABLE, PatientTable.rows(verdict)));

        // Then
        assertEquals(2, rows.size());
        assertEquals("0.125", rows.getFirst().get("lower"));
        assertEquals("", rows.getFirst().get("corrected"));
        assertEquals("401", rows.getFirst().get("cells_called_blast"));
        assertEquals("One. | Two, and \"more\".", rows.getFirst().get("reasons"));
        assertEquals("S-5M6N7P8Q", rows.getLast().get("specimen"));
        assertEquals("", rows.getLast().get("upper"));
        assertEquals("true", rows.getLast().get("research_use_only"));
    }

    @Test
    void aCellHasItsPlaceItsCallAndItsLabel() throws IOException {
        // Given
        CellJson cell = new CellJson(
                "S-4F7Q2LTB.A.1-2-3-4",
                "S-4F7Q2LTB.A",
                new CellJson.Box(1, 2, 3, 4),
                78.5,
                "BLAST",
                0.9,
                null,
                null,
                true,
                "NOT_BLAST",
                "=Ada",
                "/x");

        // When
        CSVRecord row =
                parsed(text(CellTable.TABLE, Stream.of(CellTable.row(cell)))).getFirst();

        // Then
        assertEquals("78.5", row.get("area_um2"));
        assertEquals("4", row.get("height_px"));
        assertEquals("true", row.get("doubtful"));
        assertEquals("NOT_BLAST", row.get("review_label"));
        assertEquals("'=Ada", row.get("reviewer"));
    }

    private static VerdictJson.Specimen specimen(
            String id, VerdictJson.@org.jspecify.annotations.Nullable Fraction fraction) {
        return new VerdictJson.Specimen(
                id,
                "BONE_MARROW",
                "FIELD",
                "INDETERMINATE",
                new VerdictJson.Images(120, 113, 2, 5),
                new VerdictJson.Cells(512, 401, 9, 24),
                fraction,
                0.25,
                null,
                List.of("One.", "Two, and \"more\"."),
                "sha256:cd");
    }

    private static String text(Table table, Stream<Row> rows) throws IOException {
        StringBuilder out = new StringBuilder();
        table.write(rows, out);
        return out.toString();
    }

    private static List<CSVRecord> parsed(String csv) throws IOException {
        try (var parser = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new java.io.StringReader(csv))) {
            return parser.getRecords();
        }
    }
}
