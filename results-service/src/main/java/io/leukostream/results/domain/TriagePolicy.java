package io.leukostream.results.domain;

import io.leukostream.results.domain.SpecimenTally.ModelShare;
import io.leukostream.results.domain.Triage.Basis;
import io.leukostream.results.domain.Triage.Level;
import io.leukostream.results.domain.Triage.LikelihoodRatio;
import io.leukostream.results.domain.Triage.Reason;
import java.math.BigDecimal;
import java.math.MathContext;
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
 * <p><b>ROUTINE.</b> Likewise on the other side: the upper end lies below the j-th lowest leukaemic subject's share, so that a
 * leukaemic specimen ever becomes ROUTINE with probability at most the policy's rate of misses. What is neither is ELEVATED.
 *
 * <p><b>Likelihood ratio.</b> Of the predictive beta-binomials of both kinds of subjects, {@link SubjectRate}, which carry the
 * spread between subjects and what is not known of it. It orders what has the same level.
 *
 * <p>Cells are divided by the design effect, as everywhere.
 *
 * @param falseAlarmRate the most of normal specimens that may ever become URGENT, over all looks; in (0, 1)
 * @param missRate the most of leukaemic specimens that may ever become ROUTINE, over all looks; in (0, 1)
 * @param minimumCells cells below which nothing is said, of a specimen and of a reference subject; at least 1
 */
public record TriagePolicy(double falseAlarmRate, double missRate, int minimumCells) {
    /** One in five, 15 in a hundred, ten cells. */
    public static final TriagePolicy DEFAULT = new TriagePolicy(0.2, 0.15, 10);

    /** Of a rate, what the looks get at least. */
    private static final double LOOKS_SHARE = 0.25;

    /** Fewer tell nothing of the spread between them. */
    private static final int LEAST_LEUKAEMIC = 3;

    /** No likelihood ratio is said to be beyond this, or its inverse: it would be the tail of a model and no finding. */
    private static final double MOST_TIMES = 10_000;

    private static final double ROUNDING = 1e-9;

    public TriagePolicy {
        if (!(0 < falseAlarmRate && falseAlarmRate < 1) || !(0 < missRate && missRate < 1)) {
            throw new IllegalArgumentException("rates lie in (0, 1), not at " + falseAlarmRate + ", " + missRate);
        }
        if (minimumCells < 1) {
            throw new IllegalArgumentException("at least one cell must be asked for, not " + minimumCells);
        }
    }

    /**
     * The subjects that a specimen is compared with, those with too few cells left out.
     *
     * @param normal their shares of cells called BLAST, the highest first
     * @param leukaemic likewise, the lowest first
     */
    private record References(
            List<SubjectCalls> normalCalls,
            List<SubjectCalls> leukaemicCalls,
            List<Double> normal,
            List<Double> leukaemic) {
        static References of(List<SubjectCalls> normalCalls, List<SubjectCalls> leukaemicCalls) {
            return new References(
                    normalCalls,
                    leukaemicCalls,
                    normalCalls.stream()
                            .map(subject -> 1 - share(subject))
                            .sorted(Comparator.reverseOrder())
                            .toList(),
                    leukaemicCalls.stream().map(References::share).sorted().toList());
        }

        private static double share(SubjectCalls subject) {
            return (double) subject.correct() / subject.total();
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
        OperatingCharacteristics characteristics =
                most == null ? null : most.bundle().characteristics();
        References references = characteristics == null
                ? References.of(List.of(), List.of())
                : References.of(enough(characteristics.specificity()), enough(characteristics.sensitivity()));
        int cells = most == null ? 0 : most.counted();
        if (most == null || (cells < minimumCells && characteristics != null)) {
            return references.unranked(Reason.TOO_FEW_CELLS, cells);
        }
        if (characteristics == null) {
            return references.unranked(Reason.NO_REFERENCES, cells);
        }
        if (place(falseAlarmRate, references.normal()) < 1
                || references.leukaemic().size() < LEAST_LEUKAEMIC) {
            return references.unranked(Reason.TOO_FEW_REFERENCES, cells);
        }
        return withheld
                ? references.unranked(Reason.WITHHELD, cells)
                : ranked(most.calledBlast(), cells, characteristics.designEffect(), references, regions);
    }

    private List<SubjectCalls> enough(List<SubjectCalls> subjects) {
        return subjects.stream()
                .filter(subject -> subject.total() >= minimumCells)
                .toList();
    }

    /** j: which of the outermost subjects a specimen must lie beyond, from 1; 0 where there are too few. */
    private static int place(double rate, List<Double> subjects) {
        return (int) Math.floor(rate * (1 - LOOKS_SHARE) * (subjects.size() + 1) + ROUNDING);
    }

    /** α: what the looks may spend. */
    private static double looks(double rate, List<Double> subjects) {
        return rate - (double) place(rate, subjects) / (subjects.size() + 1);
    }

    /** The share of cells called BLAST of which it is certain, over all looks, that the specimen's is not lower. */
    private double least(int called, int cells, double designEffect, References references) {
        return ConfidenceSequence.interval(
                        called / designEffect, cells / designEffect, looks(falseAlarmRate, references.normal()))
                .lower();
    }

    private Level level(int called, int cells, double designEffect, References references) {
        double limit = references.normal().get(place(falseAlarmRate, references.normal()) - 1);
        if (least(called, cells, designEffect, references) > limit) {
            return Level.URGENT;
        }
        int place = place(missRate, references.leukaemic());
        if (place < 1) {
            // Too few leukaemic subjects to say of any specimen that it is unlike them.
            return Level.ELEVATED;
        }
        double most = ConfidenceSequence.interval(
                        called / designEffect, cells / designEffect, looks(missRate, references.leukaemic()))
                .upper();
        return most < references.leukaemic().get(place - 1) ? Level.ROUTINE : Level.ELEVATED;
    }

    /** The level of so many calls on a specimen alone, for studies of many looks. */
    Level level(int called, int cells, OperatingCharacteristics characteristics) {
        return level(
                called,
                cells,
                characteristics.designEffect(),
                References.of(enough(characteristics.specificity()), enough(characteristics.sensitivity())));
    }

    private Triage ranked(int called, int cells, double designEffect, References references, SubjectRegions regions) {
        Level level = level(called, cells, designEffect, references);
        double least = least(called, cells, designEffect, references);
        LikelihoodRatio ratio = ratio(called / designEffect, (cells - called) / designEffect, references, regions);
        return new Triage(
                level,
                switch (level) {
                    case URGENT -> Reason.UNLIKE_NORMAL;
                    case ROUTINE -> Reason.LIKE_NORMAL;
                    case ELEVATED, UNRANKED -> ratio.value() > 1 ? Reason.LIKE_LEUKAEMIA : Reason.UNCLEAR;
                },
                pValue(references.normalCalls(), false, called, cells),
                pValue(references.leukaemicCalls(), true, called, cells),
                ratio,
                Basis.BUNDLE,
                references.normal().size(),
                references.leukaemic().size(),
                (int) references.normal().stream()
                        .filter(share -> share >= least)
                        .count(),
                cells,
                rounded(falseAlarmRate));
    }

    /**
     * One plus the probability that each subject shows at least what the specimen does, over their number and one.
     *
     * @param leukaemic whether the subjects have blasts, so that their right calls are BLAST and fewer of them are more extreme
     */
    private static double pValue(List<SubjectCalls> subjects, boolean leukaemic, int called, int cells) {
        double sum = 1;
        for (SubjectCalls subject : subjects) {
            sum += atLeast(
                    subject.total() - subject.correct(), subject.total(), leukaemic ? cells - called : called, cells);
        }
        return rounded(sum / (subjects.size() + 1));
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
        SubjectRate.Likelihood leukaemia =
                regions.rate(references.leukaemicCalls()).likelihood(called, others);
        SubjectRate.Likelihood none = regions.rate(references.normalCalls()).likelihood(others, called);
        double value = leukaemia.value() - none.value();
        return new LikelihoodRatio(
                significant(value),
                significant(Math.min(value, leukaemia.lower() - none.upper())),
                significant(Math.max(value, leukaemia.upper() - none.lower())));
    }

    /** Three digits, within what so few subjects can tell. */
    private static double significant(double log) {
        double value = Math.clamp(Math.exp(log), 1 / MOST_TIMES, MOST_TIMES);
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }

    private static double rounded(double probability) {
        return Math.round(probability * 1e4) / 1e4;
    }

    /** The policy as the evidence hash sees it. */
    String canonical() {
        return "triage: false alarms " + falseAlarmRate + ", misses " + missRate + ", cells " + minimumCells;
    }
}
