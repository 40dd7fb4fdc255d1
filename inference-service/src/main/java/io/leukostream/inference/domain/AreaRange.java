package io.leukostream.inference.domain;

/** Areas of cells that the model may judge, µm², both ends included. */
public record AreaRange(double lowerMicrometres2, double upperMicrometres2) {
    public AreaRange {
        if (!(lowerMicrometres2 >= 0 && upperMicrometres2 > lowerMicrometres2)) {
            throw new IllegalArgumentException("not a range: " + lowerMicrometres2 + ".." + upperMicrometres2 + " µm²");
        }
    }

    /** Whether the area lies within. */
    public boolean contains(double micrometres2) {
        return micrometres2 >= lowerMicrometres2 && micrometres2 <= upperMicrometres2;
    }
}
