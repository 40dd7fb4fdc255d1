package io.leukostream.results.domain;

/**
 * What one type of specimen is held to.
 *
 * @param threshold the fraction of blasts that the states refer to
 * @param avoidBelow the fraction below which the diagnosis is to be avoided; shown, decides nothing
 * @param minimumCells counted cells below which MODEL says nothing
 * @param allClear whether a fraction below the threshold may be said to be that; where not, it stays undecided
 * @param anyBlast whether a single cell that a reviewer labelled BLAST is named, whatever the fraction
 */
public record SpecimenRule(double threshold, double avoidBelow, int minimumCells, boolean allClear, boolean anyBlast) {
    public SpecimenRule {
        if (!(0 < threshold && threshold < 1) || !(0 < avoidBelow && avoidBelow <= threshold)) {
            throw new IllegalArgumentException(
                    "0 < avoid-below ≤ threshold < 1 does not hold: " + avoidBelow + ", " + threshold);
        }
        if (minimumCells < 1) {
            throw new IllegalArgumentException("at least one cell must be asked for, not " + minimumCells);
        }
    }

    /** The rule of bone marrow: few blasts are said to be few. */
    public static SpecimenRule marrow(double threshold, double avoidBelow, int minimumCells) {
        return new SpecimenRule(threshold, avoidBelow, minimumCells, true, false);
    }

    /** The rule of blood: few blasts exclude nothing, and each one that a person saw is named. */
    public static SpecimenRule blood(double threshold, double avoidBelow, int minimumCells) {
        return new SpecimenRule(threshold, avoidBelow, minimumCells, false, true);
    }

    /** The rates that leave a specimen undecided, given those that the threshold itself may show. */
    Interval undecided(Interval atThreshold) {
        return allClear ? atThreshold : new Interval(0, atThreshold.upper());
    }

    /** The rule as the evidence hash sees it. */
    String canonical() {
        return "threshold " + threshold + ", avoid below " + avoidBelow + ", cells " + minimumCells + ", all-clear "
                + allClear + ", any blast " + anyBlast;
    }
}
