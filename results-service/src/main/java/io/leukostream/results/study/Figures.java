package io.leukostream.results.study;

import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * What the looks at the patients of one true fraction come to. Said against the true fraction a state is right or false;
 * the right one is BLASTS_SUSPECTED where the fraction is at or above the threshold.
 *
 * @param suspected share of patients of whom BLASTS_SUSPECTED was said at any look
 * @param below share of whom BLASTS_BELOW_THRESHOLD was said at any look
 * @param median looks until the right state was said, of the median patient; {@link FirstLooks#NEVER} if never
 * @param ninety the same of the patient that nine in ten are as quick as
 */
record Figures(double fraction, double threshold, double suspected, double below, int median, int ninety) {
    static Figures of(Study.Looks looks, double threshold) {
        ToIntFunction<FirstLooks> right = looks.fraction() >= threshold ? FirstLooks::suspected : FirstLooks::below;
        List<Integer> sorted =
                looks.looks().stream().map(right::applyAsInt).sorted().toList();
        return new Figures(
                looks.fraction(),
                threshold,
                share(looks, FirstLooks::suspected),
                share(looks, FirstLooks::below),
                quantile(sorted, 0.5),
                quantile(sorted, 0.9));
    }

    private static double share(Study.Looks looks, ToIntFunction<FirstLooks> when) {
        return (double) looks.looks().stream()
                        .filter(each -> when.applyAsInt(each) != FirstLooks.NEVER)
                        .count()
                / looks.looks().size();
    }

    private static int quantile(List<Integer> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    boolean isAtOrAbove() {
        return fraction >= threshold;
    }

    /** Share of patients of whom the false state was said at any look. */
    double falselySaid() {
        return isAtOrAbove() ? below : suspected;
    }

    /** Share of whom the right one was. */
    double power() {
        return isAtOrAbove() ? suspected : below;
    }

    String suspectedCell() {
        return cell(suspected, !isAtOrAbove());
    }

    String belowCell() {
        return cell(below, isAtOrAbove());
    }

    /** A share as a table shows it; what is false is bold. */
    private static String cell(double share, boolean isFalse) {
        return isFalse ? "**" + percent(share) + "**" : percent(share);
    }

    String medianCell() {
        return count(median);
    }

    String ninetyCell() {
        return count(ninety);
    }

    private static String count(int looks) {
        return looks == FirstLooks.NEVER ? "never" : Integer.toString(looks);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
