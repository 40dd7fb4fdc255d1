package io.leukostream.results.domain;

import org.jspecify.annotations.Nullable;

/**
 * What the model said of one cell.
 *
 * @param probabilityTenThousandths calibrated blast probability in units of 1e-4, 0..10000
 * @param gate why the cell does not count; null where it does
 * @param type the cell type by the model; null where it gives none. It is shown and decides nothing
 * @param doubtful whether it counts and a person should look at it; shown only too
 */
public record CellCall(
        Box box,
        boolean blast,
        int probabilityTenThousandths,
        @Nullable String gate,
        @Nullable String type,
        boolean doubtful) {
    public CellCall {
        if (probabilityTenThousandths < 0 || probabilityTenThousandths > 10_000) {
            throw new IllegalArgumentException("no probability: " + probabilityTenThousandths + "e-4");
        }
    }

    /** A call of a model that gives no types. */
    public CellCall(Box box, boolean blast, int probabilityTenThousandths, @Nullable String gate) {
        this(box, blast, probabilityTenThousandths, gate, null, false);
    }

    /** The probability as Avro carries it, rounded to the unit of 1e-4. */
    public static int tenThousandths(double probability) {
        return Math.toIntExact(Math.round(probability * 10_000));
    }

    /** Whether no gate refused it. */
    public boolean counts() {
        return gate == null;
    }
}
