package io.leukostream.results.domain;

import org.jspecify.annotations.Nullable;

/**
 * An estimate of the fraction of blasts; all figures rounded to 1e-4, the interval outwards.
 *
 * @param apparent called or labelled BLAST over counted
 * @param corrected by Rogan and Gladen for a MODEL, the apparent one for a REVIEW; null where undefined
 * @param level of the decision, both bases together
 */
public record BlastFraction(double apparent, @Nullable Double corrected, Interval interval, double level, Basis basis) {
    /** On what an estimate rests. */
    public enum Basis {
        /** The model's calls, corrected for its errors. */
        MODEL,
        /** A person's labels of cells drawn at random. */
        REVIEW
    }

    static double rounded(double proportion) {
        return Math.round(proportion * 1e4) / 1e4;
    }
}
