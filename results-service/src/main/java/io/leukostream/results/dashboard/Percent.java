package io.leukostream.results.dashboard;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Fractions as the pages print them: one decimal at most, and the ends of an interval rounded outwards. */
final class Percent {

    private Percent() {}

    /** The nearest figure, such as {@code 78.3 %}. */
    static String nearest(double fraction) {
        return figure(fraction, RoundingMode.HALF_UP) + " %";
    }

    /** An interval, rounded so that it never looks narrower than it is: {@code 61–98 %}. */
    static String interval(double lower, double upper) {
        return figure(lower, RoundingMode.FLOOR) + "–" + figure(upper, RoundingMode.CEILING) + " %";
    }

    /** The lower end of an interval, rounded down. */
    static String atLeast(double fraction) {
        return figure(fraction, RoundingMode.FLOOR) + " %";
    }

    /** The upper end of an interval, rounded up. */
    static String atMost(double fraction) {
        return figure(fraction, RoundingMode.CEILING) + " %";
    }

    /** A place on a scale from 0 to 100, as an SVG attribute takes it: {@code 61.25%}. */
    static String place(double fraction) {
        double within = Math.clamp(fraction, 0.0, 1.0);
        return BigDecimal.valueOf(within)
                        .movePointRight(2)
                        .setScale(2, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                + "%";
    }

    private static String figure(double fraction, RoundingMode rounding) {
        BigDecimal percent = BigDecimal.valueOf(fraction).movePointRight(2).setScale(1, rounding);
        return percent.stripTrailingZeros().toPlainString();
    }
}
