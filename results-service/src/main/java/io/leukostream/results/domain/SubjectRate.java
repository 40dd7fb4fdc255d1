package io.leukostream.results.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * What is known of a rate (a sensitivity or a specificity) of a <em>new</em> subject, from the calls on subjects that a
 * model had not seen: the posterior predictive of a beta-binomial, which carries the spread between subjects and the
 * uncertainty of that spread. A plug-in fit would miss its nominal tail by a multiple.
 *
 * <p>Each subject's rate is Beta(m·M, (1−m)·M). The prior is weak: the mean m uniform on (0, 1), the log of the precision
 * M uniform from 1/2 to 2000, on a grid of 100 by 40; with some ten subjects the data outweigh it, with two or three it
 * leaves the interval wide, as it should. The predictive distribution is the mixture of the grid's beta distributions.
 */
public final class SubjectRate {
    private static final int MEANS = 100;
    private static final int PRECISIONS = 40;
    private static final double LOWEST_PRECISION = 0.5;
    private static final double HIGHEST_PRECISION = 2000;
    /** Grid points this much less likely than the best are left out. */
    private static final double NEGLIGIBLE = 1e-7;

    private static final double TAIL = 0.025;
    private static final int HALVINGS = 40;

    private final List<Component> mixture;

    /** @param logBeta of a and b */
    private record Component(double a, double b, double weight, double logBeta) {}

    /**
     * How likely calls are on a new subject, binomial coefficients left out: they are the same in every ratio. Natural
     * logarithms.
     *
     * @param value of the predictive likelihood
     * @param lower below which it lies with probability 2.5 %, by what is not known of the spread between subjects
     * @param upper above which it lies with probability 2.5 %
     */
    record Likelihood(double value, double lower, double upper) {}

    /** What the calls on these subjects say; at least one. */
    public SubjectRate(List<SubjectCalls> subjects) {
        double[] logLikelihoods = new double[MEANS * PRECISIONS];
        double best = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < logLikelihoods.length; k++) {
            double a = mean(k) * precision(k);
            double b = (1 - mean(k)) * precision(k);
            double none = LogBeta.value(a, b);
            double sum = 0;
            for (SubjectCalls subject : subjects) {
                sum += LogBeta.value(a + subject.correct(), b + subject.total() - subject.correct()) - none;
            }
            logLikelihoods[k] = sum;
            best = Math.max(best, sum);
        }
        List<Component> components = new ArrayList<>();
        double total = 0;
        for (int k = 0; k < logLikelihoods.length; k++) {
            double weight = Math.exp(logLikelihoods[k] - best);
            if (weight >= NEGLIGIBLE) {
                double a = mean(k) * precision(k);
                double b = (1 - mean(k)) * precision(k);
                components.add(new Component(a, b, weight, LogBeta.value(a, b)));
                total += weight;
            }
        }
        double all = total;
        mixture = components.stream()
                .map(c -> new Component(c.a(), c.b(), c.weight() / all, c.logBeta()))
                .toList();
    }

    private static double mean(int point) {
        int row = point / PRECISIONS;
        return (row + 0.5) / MEANS;
    }

    private static double precision(int point) {
        double share = (double) (point % PRECISIONS) / (PRECISIONS - 1);
        return LOWEST_PRECISION * Math.pow(HIGHEST_PRECISION / LOWEST_PRECISION, share);
    }

    /** Probability that a new subject's rate is at most this. */
    double cumulative(double rate) {
        double sum = 0;
        for (Component component : mixture) {
            sum += component.weight() * RegularizedBeta.value(rate, component.a(), component.b());
        }
        return sum;
    }

    /**
     * How likely so many right and wrong calls are on a new subject.
     *
     * @param right not whole where it was divided by a design effect
     */
    Likelihood likelihood(double right, double wrong) {
        record Weighed(double log, double weight) {}
        List<Weighed> all = mixture.stream()
                .map(c -> new Weighed(LogBeta.value(c.a() + right, c.b() + wrong) - c.logBeta(), c.weight()))
                .sorted(Comparator.comparingDouble(Weighed::log))
                .toList();
        double best = all.getLast().log();
        double mean = 0;
        double below = 0;
        double lower = best;
        double upper = best;
        boolean isBelow = true;
        boolean isAbove = false;
        for (Weighed each : all) {
            mean += each.weight() * Math.exp(each.log() - best);
            below += each.weight();
            if (isBelow && below >= TAIL) {
                lower = each.log();
                isBelow = false;
            }
            if (!isAbove && below >= 1 - TAIL) {
                upper = each.log();
                isAbove = true;
            }
        }
        return new Likelihood(best + Math.log(mean), lower, upper);
    }

    /** The rate of one new subject, drawn from what is known: for studies. */
    public double draw(RandomGenerator random) {
        double left = random.nextDouble();
        Component drawn = mixture.getLast();
        for (Component component : mixture) {
            left -= component.weight();
            if (left < 0) {
                drawn = component;
                break;
            }
        }
        return BetaDistribution.of(drawn.a(), drawn.b()).inverseCumulativeProbability(random.nextDouble());
    }

    /** The interval that a new subject's rate leaves below and above with these probabilities. */
    Interval interval(double below, double above) {
        // The lower end is rounded down and the upper one up: the halving's last bracket is on the safe side.
        return new Interval(bracket(below)[0], bracket(1 - above)[1]);
    }

    private double[] bracket(double probability) {
        double low = 0;
        double high = 1;
        for (int k = 0; k < HALVINGS; k++) {
            double middle = (low + high) / 2;
            if (cumulative(middle) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new double[] {low, high};
    }
}
