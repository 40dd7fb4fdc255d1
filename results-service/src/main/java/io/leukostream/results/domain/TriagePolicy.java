package io.leukostream.results.domain;

import io.leukostream.results.domain.SpecimenTally.ModelShare;
import io.leukostream.results.domain.Triage.Basis;
import io.leukostream.results.domain.Triage.Level;
import io.leukostream.results.domain.Triage.LikelihoodRatio;
import io.leukostream.results.domain.Triage.Reason;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/**
 * How triage follows from the calls on a specimen and on the reference subjects: those on which the bundle was validated,
 * each as the model called it without having learned from it. What is compared is the share of cells called BLAST.
 *
 * <p><b>URGENT.</b> A new normal subject's share lies above the j-th highest of n normal subjects' with probability at most
 * j/(n+1), whatever the model, where subjects are exchangeable (conformal prediction: Vovk, Gammerman and Shafer 2005;
 * Angelopoulos and Bates 2021, arXiv 2107.07511). What is seen of a specimen is its share among the cells so far, so the
 * lower end of its {@link ConfidenceSequence} is compared, which misses the share with probability at most α over all looks.
 * So a normal specimen ever becomes URGENT with probability at most j/(n+1) + α; j is the largest, and α the rest, that the
 * policy's rate of false alarms allows, a quarter of the rate being α's at least.
 *
 * <p><b>Likelihood ratio.</b> Of the predictive beta-binomials of both kinds of subjects, {@link SubjectRate}, which carry the
 * spread between subjects and what is not known of it. Its interval carries that too. ROUTINE asks for an interval below 1;
 * what is neither is ELEVATED.
 *
 * <p>Cells are divided by the design effect, as everywhere.
 *
 * @param falseAlarmRate the most of normal specimens that may ever become URGENT, over all looks; in (0, 1)
 * @param minimumCells cells below which nothing is said, of a specimen and of a reference subject; at least 1
 */
public record TriagePolicy(double falseAlarmRate, int minimumCells) {
    /** One in five, ten cells. */
    public static final TriagePolicy DEFAULT = new TriagePolicy(0.2, 10);

    /** Of the rate of false alarms, what the looks get at least. */
    private static final double LOOKS_SHARE = 0.25;

    private static final int LEAST_LEUKAEMIC = 3;
    private static final double ALL_BUT_FIVE_PERCENT = 1.96;
    private static final double ROUNDING = 1e-9;

    public TriagePolicy {
        if (!(0 < falseAlarmRate && falseAlarmRate < 1)) {
            throw new IllegalArgumentException("a rate of false alarms lies in (0, 1), not at " + falseAlarmRate);
        }
        if (minimumCells < 1) {
            throw new IllegalArgumentException("at least one cell must be asked for, not " + minimumCells);
        }
    }

    /** The subjects that a specimen is compared with, those with too few cells left out. */
    private record References(List<SubjectCalls> leukaemic, List<SubjectCalls> normal) {
        /** Shares of cells called BLAST, the highest first. */
        List<Double> normalShares() {
            return normal.stream()
                    .map(subject -> 1 - (double) subject.correct() / subject.total())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }

        Triage unranked(Reason reason, int cells) {
            return new Triage(
                    Level.UNRANKED,
                    reason,
                    null,
                    null,
                    null,
                    Basis.BUNDLE,
                    normal.size(),
                    leukaemic.size(),
                    0,
                    cells,
                    null);
        }
    }

    /**
     * The triage of a specimen.
     *
     * @param shares what each bundle called here; where there are several, the one that called most cells counts
     * @param withheld whether the calls say nothing of this specimen
     */
    Triage assess(Collection<ModelShare> shares, boolean withheld, SubjectRegions regions) {
        ModelShare most = shares.stream()
                .max(Comparator.comparingInt(ModelShare::counted)
                        .thenComparing(share -> share.bundle().version(), ModelBundle.BY_VERSION)
                        .thenComparing(share -> share.bundle().sha256()))
                .orElse(null);
        if (most == null) {
            return new References(List.of(), List.of()).unranked(Reason.TOO_FEW_CELLS, 0);
        }
        OperatingCharacteristics characteristics = most.bundle().characteristics();
        int cells = most.counted();
        if (characteristics == null) {
            return new References(List.of(), List.of()).unranked(Reason.NO_REFERENCES, cells);
        }
        References references =
                new References(enough(characteristics.sensitivity()), enough(characteristics.specificity()));
        int above = above(references.normal().size());
        if (above < 1 || references.leukaemic().size() < LEAST_LEUKAEMIC) {
            return references.unranked(Reason.TOO_FEW_REFERENCES, cells);
        }
        if (withheld) {
            return references.unranked(Reason.WITHHELD, cells);
        }
        return cells < minimumCells
                ? references.unranked(Reason.TOO_FEW_CELLS, cells)
                : ranked(most, characteristics.designEffect(), references, above, regions);
    }

    private List<SubjectCalls> enough(List<SubjectCalls> subjects) {
        return subjects.stream()
                .filter(subject -> subject.total() >= minimumCells)
                .toList();
    }

    /** j: the place, from the highest, of the normal subject above which a specimen must lie; 0 where there are too few. */
    private int above(int normal) {
        return (int) Math.floor(falseAlarmRate * (1 - LOOKS_SHARE) * (normal + 1) + ROUNDING);
    }

    private Triage ranked(
            ModelShare share, double designEffect, References references, int above, SubjectRegions regions) {
        int cells = share.counted();
        int called = share.calledBlast();
        int normal = references.normal().size();
        double looks = falseAlarmRate - (double) above / (normal + 1);
        double least = ConfidenceSequence.interval(called / designEffect, cells / designEffect, looks)
                .lower();
        List<Double> shares = references.normalShares();
        boolean urgent = least > shares.get(above - 1);
        LikelihoodRatio ratio = ratio(called / designEffect, (cells - called) / designEffect, references, regions);
        boolean routine = !urgent && ratio.upper() <= 1;
        return new Triage(
                urgent ? Level.URGENT : routine ? Level.ROUTINE : Level.ELEVATED,
                urgent
                        ? Reason.UNLIKE_NORMAL
                        : routine
                                ? Reason.LIKE_NORMAL
                                : ratio.value() > 1 ? Reason.LIKE_LEUKAEMIA : Reason.UNCLEAR,
                rounded((1 + references.normal().stream()
                                        .mapToDouble(subject -> atLeast(
                                                subject.total() - subject.correct(), subject.total(), called, cells))
                                        .sum())
                        / (normal + 1)),
                rounded((1 + references.leukaemic().stream()
                                        .mapToDouble(subject -> atLeast(
                                                subject.total() - subject.correct(),
                                                subject.total(),
                                                cells - called,
                                                cells))
                                        .sum())
                        / (references.leukaemic().size() + 1)),
                ratio,
                Basis.BUNDLE,
                normal,
                references.leukaemic().size(),
                (int) shares.stream().filter(each -> each >= least).count(),
                cells,
                rounded(falseAlarmRate));
    }

    /**
     * Probability that a reference subject shows at least the specimen's share, brought to the specimen's number of cells, or
     * to its own where it has fewer.
     */
    private static double atLeast(int hits, int total, int called, int cells) {
        int drawn = Math.min(cells, total);
        int least = (int) Math.ceil((double) called / cells * drawn - ROUNDING);
        double rate = (hits + 0.5) / (total + 1);
        return least <= 0 ? 1 : RegularizedBeta.value(rate, least, drawn - least + 1.0);
    }

    private static LikelihoodRatio ratio(double called, double others, References references, SubjectRegions regions) {
        SubjectRate.Likelihood leukaemia = regions.rate(references.leukaemic()).likelihood(called, others);
        SubjectRate.Likelihood none = regions.rate(references.normal()).likelihood(others, called);
        double log = leukaemia.log() - none.log();
        double margin = ALL_BUT_FIVE_PERCENT * Math.sqrt(leukaemia.variance() + none.variance());
        return new LikelihoodRatio(significant(log), significant(log - margin), significant(log + margin));
    }

    /** Three digits: more nobody knows, and equal evidence has equal ones. */
    private static double significant(double log) {
        double value = Math.exp(log);
        double unit = Math.pow(10, Math.floor(log / Math.log(10)) - 2);
        return Math.round(value / unit) * unit;
    }

    private static double rounded(double probability) {
        return Math.round(probability * 1e4) / 1e4;
    }

    /** The policy as the evidence hash sees it. */
    String canonical() {
        return "triage: false alarms " + falseAlarmRate + ", cells " + minimumCells;
    }
}
