package io.leukostream.results.csv;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * A table in the form of RFC 4180: a header, commas, CRLF, UTF-8. Text that a spreadsheet would take for a formula gets an
 * apostrophe in front; what is null is an empty field.
 */
final class Table {
    private static final String MEDIA_TYPE = "text/csv;charset=UTF-8;header=present";
    /** What a formula begins with in the common spreadsheets, and what they skip before it. */
    private static final String FORMULA_STARTS = "=+-@\t\r\n＝＋－＠";

    private final List<String> columns;

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    /** A row, its values in the order of the columns: text, numbers, truth values, or null. */
    record Row(List<@Nullable Object> values) {
        Row {
            values = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(values));
        }

        static Row of(@Nullable Object... values) {
            return new Row(Arrays.asList(values));
        }
    }

    /** An answer that writes row after row as they come, to be saved under this name. */
    Response response(String fileName, Stream<Row> rows) {
        StreamingOutput body = out -> {
            try (rows;
                    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
                write(rows, writer);
            }
        };
        return Response.ok(body)
                .type(MEDIA_TYPE)
                .header("Content-Disposition", "attachment; filename=\"" + fileName + "\"")
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .build();
    }

    void write(Stream<Row> rows, Appendable out) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader(columns.toArray(String[]::new))
                .get();
        CSVPrinter printer = new CSVPrinter(out, format);
        try {
            rows.forEach(row -> print(printer, row));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        printer.flush();
    }

    private void print(CSVPrinter printer, Row row) {
        if (row.values().size() != columns.size()) {
            throw new IllegalArgumentException("a row of " + row.values() + " under " + columns);
        }
        try {
            printer.printRecord(row.values().stream().map(Table::guarded).toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object guarded(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0
                ? "'" + text
                : value;
    }
}
