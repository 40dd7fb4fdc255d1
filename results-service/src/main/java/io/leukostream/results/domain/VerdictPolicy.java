package io.leukostream.results.domain;

import io.leukostream.results.domain.BlastFraction.Basis;
import io.leukostream.results.domain.SpecimenTally.ModelShare;
import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import io.leukostream.results.domain.SubjectRegion.ConsistentSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a verdict follows from a specimen's evidence.
 *
 * <p>The error rate 1 − level is split between the MODEL and the REVIEW basis, so that their decisions hold together,
 * over all looks. Within MODEL it is halved between the apparent rate and the region of the subject's sensitivity and
 * specificity. Once REVIEW has decided it overrides MODEL; until then MODEL stands.
 *
 * <p>MODEL is withheld where the gates refused too large a share of the cells for their quality: those that are left are
 * no sample of the specimen. Cells at the border or of an impossible size were not judged and stand on neither side of the
 * share. It follows from the counts alone, without memory of what was said before.
 *
 * @param threshold the fraction of blasts that the states refer to
 * @param avoidBelow the fraction below which the diagnosis is to be avoided; shown, decides nothing
 * @param minimumCells counted cells below which MODEL says nothing
 * @param level of the decision, such as 0.95
 * @param modelShare the share of 1 − level that MODEL spends; REVIEW spends the rest
 * @param refusedLimit share of the judged cells refused for their quality above which MODEL is withheld, once as many as
 *     {@code minimumCells} were judged; 0..1, and 1 never withholds
 */
public record VerdictPolicy(
        double threshold, double avoidBelow, int minimumCells, double level, double modelShare, double refusedLimit) {
    /** 25 %, avoided below 20 %, 50 cells, 95 %, split in halves, withheld above one half. */
    public static final VerdictPolicy DEFAULT = new VerdictPolicy(0.25, 0.20, 50, 0.95, 0.5, 0.5);

    public VerdictPolicy {
        if (!(0 < threshold && threshold < 1) || !(0 < avoidBelow && avoidBelow <= threshold)) {
            throw new IllegalArgumentException(
                    "0 < avoid-below ≤ threshold < 1 does not hold: " + avoidBelow + ", " + threshold);
        }
        if (minimumCells < 1) {
            throw new IllegalArgumentException("at least one cell must be asked for, not " + minimumCells);
        }
        if (!(0.5 <= level && level < 1) || !(0 < modelShare && modelShare < 1)) {
            throw new IllegalArgumentException(
                    "a level lies in [0.5, 1) and the model's share in (0, 1): " + level + ", " + modelShare);
        }
        if (!(0 <= refusedLimit && refusedLimit <= 1)) {
            throw new IllegalArgumentException("the limit of refused cells is a share, not " + refusedLimit);
        }
    }

    /** The share of the error rate that MODEL spends. */
    public double modelAlpha() {
        return (1 - level) * modelShare;
    }

    /** The share that REVIEW spends. */
    public double reviewAlpha() {
        return (1 - level) * (1 - modelShare);
    }

    /** The verdict on a specimen. */
    public SpecimenVerdict assess(
            String specimenType, String kind, SpecimenTally tally, Review review, SubjectRegions regions) {
        List<String> reasons = new ArrayList<>();
        Finding model = byModel(tally, regions);
        Optional<Finding> decided = byReview(review);
        ReviewDecision decision = decided.map(Finding::decision).orElse(ReviewDecision.UNDECIDED);

        Finding finding = decided.orElse(model);
        reasons.add(finding.reason());
        if (decided.isPresent()) {
            if (model.decision() != ReviewDecision.UNDECIDED && model.decision() != decision) {
                reasons.add("The model's calls say the opposite: " + model.reason());
            }
            if (tooManyRefused(tally)) {
                reasons.add("The model's calls would be withheld: " + model.reason());
            }
        } else if (!review.sequences().isEmpty()) {
            reasons.add(reviewProgress(review));
        }
        VerdictState state = finding.state();
        if (state == VerdictState.BLASTS_BELOW_THRESHOLD && !SpecimenType.BONE_MARROW.equals(specimenType)) {
            state = VerdictState.INDETERMINATE;
            reasons.add(
                    "Few or no blasts in peripheral blood do not exclude leukaemia, so there is no all-clear for it.");
        }
        reasons.add(String.format(
                Locale.ROOT,
                "The threshold is %s; below %s the diagnosis is to be avoided.",
                percent(threshold),
                percent(avoidBelow)));
        return new SpecimenVerdict(
                state,
                decision,
                finding.fraction(),
                review.shown().size(),
                reasons,
                evidenceHash(specimenType, kind, tally, review));
    }

    /** What one basis says. */
    private record Finding(
            VerdictState state, String reason, @Nullable BlastFraction fraction) {
        ReviewDecision decision() {
            return switch (state) {
                case BLASTS_SUSPECTED -> ReviewDecision.SUSPECTED;
                case BLASTS_BELOW_THRESHOLD -> ReviewDecision.BELOW;
                case INDETERMINATE, INSUFFICIENT_CELLS, WITHHELD -> ReviewDecision.UNDECIDED;
            };
        }
    }

    private Finding byModel(SpecimenTally tally, SubjectRegions regions) {
        int counted = tally.counted();
        if (tooManyRefused(tally)) {
            return new Finding(
                    VerdictState.WITHHELD,
                    refused(tally),
                    counted == 0
                            ? null
                            : fraction((double) tally.calledBlast() / counted, null, Interval.ALL, Basis.MODEL));
        }
        if (counted == 0) {
            return new Finding(VerdictState.INSUFFICIENT_CELLS, "No cell was counted yet.", null);
        }
        Collection<ModelShare> shares = tally.counting().values();
        double apparent = (double) tally.calledBlast() / counted;
        if (shares.stream().anyMatch(share -> share.bundle().characteristics() == null)) {
            BlastFraction unknown = fraction(apparent, null, Interval.ALL, Basis.MODEL);
            return counted < minimumCells
                    ? new Finding(VerdictState.INSUFFICIENT_CELLS, tooFew(counted), unknown)
                    : new Finding(
                            VerdictState.INDETERMINATE,
                            "The model was not validated for this kind and type of specimen, so its calls decide"
                                    + " nothing.",
                            unknown);
        }
        Calls calls = Calls.of(shares, regions, modelAlpha() / 2);
        Interval seen = ConfidenceSequence.interval(
                tally.calledBlast() / calls.designEffect(), counted / calls.designEffect(), modelAlpha() / 2);
        ConsistentSet consistent = calls.region().consistentWith(seen);
        BlastFraction fraction = fraction(
                apparent,
                calls.corrected(apparent),
                consistent instanceof ConsistentSet.Of of ? of.interval() : Interval.ALL,
                Basis.MODEL);
        if (counted < minimumCells) {
            return new Finding(VerdictState.INSUFFICIENT_CELLS, tooFew(counted), fraction);
        }
        return switch (consistent) {
            case ConsistentSet.Empty() ->
                new Finding(
                        VerdictState.WITHHELD,
                        "No fraction of blasts is consistent with the model's calls here: it does not fit this"
                                + " specimen.",
                        fraction);
            case ConsistentSet.Of(Interval all)
            when calls.region().mayBeUninformative() ->
                new Finding(
                        VerdictState.INDETERMINATE,
                        "The model did so differently from subject to subject that on a new one its calls may say"
                                + " nothing.",
                        fraction);
            case ConsistentSet.Of(Interval interval) ->
                new Finding(
                        against(fraction.interval()),
                        "By the model's calls, corrected for its errors, " + says(fraction.interval()),
                        fraction);
        };
    }

    private boolean tooManyRefused(SpecimenTally tally) {
        return tally.judged() >= minimumCells && (double) tally.refusedForQuality() / tally.judged() > refusedLimit;
    }

    private String refused(SpecimenTally tally) {
        String reasons = tally.qualityGated().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> GateReason.words(entry.getKey()) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%d of %d cells were refused for their quality (%s): more than %s, so the others do not stand for this"
                        + " specimen.",
                tally.refusedForQuality(),
                tally.judged(),
                reasons,
                percent(refusedLimit));
    }

    /** What the bundles at work are worth together. */
    private record Calls(SubjectRegion region, double sensitivity, double specificity, double designEffect) {
        static Calls of(Collection<ModelShare> shares, SubjectRegions regions, double alpha) {
            SubjectRegion region = null;
            double sensitivity = 0;
            double specificity = 0;
            double designEffect = 1;
            int counted = 0;
            for (ModelShare share : shares) {
                OperatingCharacteristics characteristics = share.bundle().characteristics();
                if (characteristics == null) {
                    throw new IllegalArgumentException(share.bundle().label() + " was not validated");
                }
                SubjectRegion own = regions.region(characteristics, alpha);
                region = region == null ? own : region.hull(own);
                sensitivity += share.counted() * OperatingCharacteristics.pooled(characteristics.sensitivity());
                specificity += share.counted() * OperatingCharacteristics.pooled(characteristics.specificity());
                designEffect = Math.max(designEffect, characteristics.designEffect());
                counted += share.counted();
            }
            if (region == null) {
                throw new IllegalArgumentException("no bundle, no calls");
            }
            return new Calls(region, sensitivity / counted, specificity / counted, designEffect);
        }

        /** Rogan and Gladen's estimate with the pooled rates, within 0..1; null where it is undefined. */
        @Nullable
        Double corrected(double apparent) {
            double information = sensitivity + specificity - 1;
            return information <= 0 ? null : Math.clamp((apparent + specificity - 1) / information, 0.0, 1.0);
        }
    }

    /** The newest frame that covers every cell and has decided. */
    private Optional<Finding> byReview(Review review) {
        return review.sequences().reversed().stream()
                .filter(Review.Sequence::coversAll)
                .filter(sequence -> sequence.labelled() > 0)
                .map(this::byLabels)
                .filter(finding -> finding.decision() != ReviewDecision.UNDECIDED)
                .findFirst();
    }

    private Finding byLabels(Review.Sequence sequence) {
        Interval interval = sequence.interval(reviewAlpha()).outward();
        double apparent = (double) sequence.blasts() / sequence.labelled();
        return new Finding(
                against(interval),
                String.format(
                        Locale.ROOT,
                        "By the labels of a reviewer on %d cells drawn at random, %s",
                        sequence.labelled(),
                        says(interval)),
                fraction(apparent, apparent, interval, Basis.REVIEW));
    }

    private String reviewProgress(Review review) {
        return review.current()
                .map(sequence -> {
                    Interval interval = sequence.interval(reviewAlpha()).outward();
                    return String.format(
                            Locale.ROOT,
                            "The review has not decided yet: %d cells drawn at random are labelled, %s to %s.",
                            sequence.labelled(),
                            percent(interval.lower()),
                            percent(interval.upper()));
                })
                .orElse("Cells were found after the review began; it needs new draws from all of them.");
    }

    /** What the labels of a sequence decide by themselves. */
    public ReviewDecision decision(Review.Sequence sequence) {
        return sequence.labelled() == 0
                ? ReviewDecision.UNDECIDED
                : byLabels(sequence).decision();
    }

    private VerdictState against(Interval interval) {
        if (interval.lower() >= threshold) {
            return VerdictState.BLASTS_SUSPECTED;
        }
        return interval.upper() < threshold ? VerdictState.BLASTS_BELOW_THRESHOLD : VerdictState.INDETERMINATE;
    }

    private String says(Interval interval) {
        String range = percent(interval.lower()) + " to " + percent(interval.upper()) + " of the cells are blasts, ";
        return range
                + switch (against(interval)) {
                    case BLASTS_SUSPECTED -> "at or above the threshold.";
                    case BLASTS_BELOW_THRESHOLD -> "below the threshold.";
                    case INDETERMINATE, INSUFFICIENT_CELLS, WITHHELD -> "which spans the threshold.";
                };
    }

    private String tooFew(int counted) {
        return "Only " + counted + " cells were counted; at least " + minimumCells + " are needed.";
    }

    private BlastFraction fraction(double apparent, @Nullable Double corrected, Interval interval, Basis basis) {
        return new BlastFraction(
                BlastFraction.rounded(apparent),
                corrected == null ? null : BlastFraction.rounded(corrected),
                interval.outward(),
                level,
                basis);
    }

    private static String percent(double proportion) {
        return String.format(Locale.ROOT, "%.1f %%", proportion * 100);
    }

    private String evidenceHash(String specimenType, String kind, SpecimenTally tally, Review review) {
        return "sha256:"
                + Fingerprint.of(
                        "SPECIMEN",
                        specimenType,
                        kind,
                        canonical(),
                        tally.evidence().toString(16),
                        review.digest());
    }

    /** The policy as the evidence hash sees it. */
    private String canonical() {
        return "threshold " + threshold + ", avoid below " + avoidBelow + ", cells " + minimumCells + ", level " + level
                + ", model's share " + modelShare + ", refused for quality " + refusedLimit;
    }

    /** Hash over all evidence of a patient: that of the specimens, in no order. */
    public static String patientEvidenceHash(Collection<String> specimenHashes) {
        return "sha256:"
                + Fingerprint.of(
                        "PATIENT",
                        String.join("\n", specimenHashes.stream().sorted().toList()));
    }
}
