package io.leukostream.results.dashboard;

import io.leukostream.results.rest.ReviewJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a review's interval shrank, drawn label by label: a band between its ends, and a line for the share of blasts. The
 * drawing is {@value #WIDTH} by {@value #HEIGHT} units, 100 % on top.
 *
 * @param band corners of the band, as SVG's polygon takes them
 * @param share corners of the line
 * @param thresholdY where the threshold lies
 * @param labels how many labels there are
 * @param sentence the drawing in a sentence
 */
public record CourseChart(String band, String share, String thresholdY, int labels, String sentence) {
    /** Width of the drawing, units. */
    public static final int WIDTH = 600;

    /** Height of the drawing, units. */
    public static final int HEIGHT = 150;

    /** Draws the steps; at least one. */
    static CourseChart of(List<ReviewJson.Step> steps, double threshold) {
        List<String> upper = new ArrayList<>(List.of(corner(0, 1)));
        List<String> lower = new ArrayList<>(List.of(corner(0, 0)));
        List<String> share = new ArrayList<>();
        for (ReviewJson.Step step : steps) {
            double x = (double) step.labelled() / steps.size();
            upper.add(corner(x, step.upper()));
            lower.addFirst(corner(x, step.lower()));
            share.add(corner(x, (double) step.blasts() / step.labelled()));
        }
        ReviewJson.Step last = steps.getLast();
        return new CourseChart(
                String.join(" ", upper) + " " + String.join(" ", lower),
                String.join(" ", share),
                units((1 - threshold) * HEIGHT),
                steps.size(),
                "From 0–100 % before the first label to " + Percent.interval(last.lower(), last.upper()) + " after "
                        + last.labelled() + ".");
    }

    private static String corner(double x, double fraction) {
        return units(x * WIDTH) + "," + units((1 - fraction) * HEIGHT);
    }

    private static String units(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
