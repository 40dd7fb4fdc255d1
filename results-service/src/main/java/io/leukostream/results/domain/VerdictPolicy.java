package io.leukostream.results.domain;

import io.leukostream.results.domain.BlastFraction.Basis;
import io.leukostream.results.domain.SpecimenTally.ModelShare;
import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import io.leukostream.results.domain.SubjectRegion.ConsistentSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * share. An image of a single cell in which no cell was found is such a refused cell. It follows from the counts alone,
 * without memory of what was said before.
 *
 * <p>A specimen of which an image says that it is something else (another type, another kind) has no calls or all-clear
 * either: whose images they are is open. What a reviewer's labels suspect stands.
 *
 * <p>What a type of specimen is held to is its {@link SpecimenRule}. While nothing is decided, a last sentence says how many
 * more cells would probably decide, if what comes is like what was seen.
 *
 * @param marrow the rule of bone marrow
 * @param blood the rule of every other type
 * @param level of the decision, such as 0.95
 * @param modelShare the share of 1 − level that MODEL spends; REVIEW spends the rest
 * @param refusedLimit share of the judged cells refused for their quality above which MODEL is withheld, once as many as
 *     the rule's {@code minimumCells} were judged; 0..1, and 1 never withholds
 * @param period specimens registered longer than this before the patient's newest one do not count for the patient's
 *     state; null where all count, so that no suspicion goes out of sight by itself
 * @param triage who is to be looked at first
 */
public record VerdictPolicy(
        SpecimenRule marrow,
        SpecimenRule blood,
        double level,
        double modelShare,
        double refusedLimit,
        @Nullable Duration period,
        TriagePolicy triage) {
    /** 25 %, avoided below 20 %, 50 cells, blood alike; 95 %, split in halves, withheld above one half. */
    public static final VerdictPolicy DEFAULT = new VerdictPolicy(0.25, 0.20, 50, 0.95, 0.5, 0.5);

    /** Of this class and what it calls; to be raised with every change of what they decide or say. */
    private static final int RULES = 3;

    /** More labels than anybody is asked for. */
    private static final int MOST_LABELS = 500;

    public VerdictPolicy {
        if (!(0.5 <= level && level < 1) || !(0 < modelShare && modelShare < 1)) {
            throw new IllegalArgumentException(
                    "a level lies in [0.5, 1) and the model's share in (0, 1): " + level + ", " + modelShare);
        }
        if (!(0 <= refusedLimit && refusedLimit <= 1)) {
            throw new IllegalArgumentException("the limit of refused cells is a share, not " + refusedLimit);
        }
        if (period != null && (period.isZero() || period.isNegative())) {
            throw new IllegalArgumentException("a period is positive, not " + period);
        }
    }

    /** A policy with the same threshold and minimum for marrow and blood. */
    public VerdictPolicy(
            double threshold,
            double avoidBelow,
            int minimumCells,
            double level,
            double modelShare,
            double refusedLimit) {
        this(
                SpecimenRule.marrow(threshold, avoidBelow, minimumCells),
                SpecimenRule.blood(threshold, avoidBelow, minimumCells),
                level,
                modelShare,
                refusedLimit,
                null,
                TriagePolicy.DEFAULT);
    }

    /** What a type of specimen is held to. */
    public SpecimenRule rule(String specimenType) {
        return SpecimenType.BONE_MARROW.equals(specimenType) ? marrow : blood;
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
        SpecimenRule rule = rule(specimenType);
        List<String> reasons = new ArrayList<>();
        SortedMap<String, Integer> misfits = tally.misfits(new ImageForm(specimenType, kind));
        Finding model = misfits.isEmpty()
                ? byModel(rule, Quality.of(kind, tally), tally, review, regions)
                : withheld(tally, misfits(new ImageForm(specimenType, kind), misfits));
        Optional<Finding> decided = byReview(rule, review)
                .filter(finding -> misfits.isEmpty() || finding.state() == VerdictState.BLASTS_SUSPECTED);
        ReviewDecision decision = decided.map(Finding::decision).orElse(ReviewDecision.UNDECIDED);

        Finding finding = decided.orElse(model);
        reasons.add(finding.reason());
        if (decided.isPresent()) {
            if (model.decision() != ReviewDecision.UNDECIDED && model.decision() != decision) {
                reasons.add("The model's calls say the opposite: " + model.reason());
            }
            if (model.state() == VerdictState.WITHHELD) {
                reasons.add("The model's calls would be withheld: " + model.reason());
            }
        } else if (!review.sequences().isEmpty()) {
            reasons.add(reviewProgress(review));
        }
        VerdictState state = finding.state();
        if (state == VerdictState.BLASTS_BELOW_THRESHOLD && !rule.allClear()) {
            state = VerdictState.INDETERMINATE;
            reasons.add("Few or no blasts in " + SpecimenType.words(specimenType)
                    + " do not exclude leukaemia, so there is no all-clear for it.");
        } else if (state == VerdictState.INDETERMINATE || state == VerdictState.INSUFFICIENT_CELLS) {
            outlook(rule, review, model).ifPresent(reasons::add);
        }
        if (rule.anyBlast() && state != VerdictState.BLASTS_SUSPECTED) {
            labelledBlast(specimenType, review).ifPresent(reasons::add);
        }
        Quality.of(kind, tally).missing(tally).ifPresent(reasons::add);
        reasons.add(String.format(
                Locale.ROOT,
                "The threshold is %s; below %s the diagnosis is to be avoided.",
                percent(rule.threshold()),
                percent(rule.avoidBelow())));
        return new SpecimenVerdict(
                state,
                decision,
                finding.fraction(),
                review.shown().size(),
                reasons,
                evidenceHash(specimenType, kind, tally, misfits, review));
    }

    /** Who is to be looked at first: the triage of a specimen, whatever its reviews say. */
    public Triage triage(String specimenType, String kind, SpecimenTally tally, SubjectRegions regions) {
        boolean isWithheld = !tally.misfits(new ImageForm(specimenType, kind)).isEmpty()
                || byModel(rule(specimenType), Quality.of(kind, tally), tally, Review.NONE, regions)
                                .state()
                        == VerdictState.WITHHELD;
        return triage.assess(tally.counting().values(), isWithheld, regions);
    }

    /** Names the cells that a reviewer labelled BLAST, drawn or chosen. */
    private static Optional<String> labelledBlast(String specimenType, Review review) {
        long blasts = review.shown().values().stream()
                .filter(shown -> shown.label() == ReviewLabel.BLAST)
                .count();
        if (blasts == 0) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "A reviewer labelled %s; any blast in %s is to be looked at.",
                blasts == 1 ? "1 cell as a blast" : blasts + " cells as blasts",
                SpecimenType.words(specimenType)));
    }

    /**
     * What one basis says.
     *
     * @param outlook how many more cells would probably decide; null where that is no question
     */
    private record Finding(
            VerdictState state,
            String reason,
            @Nullable BlastFraction fraction,
            @Nullable String outlook) {
        Finding(VerdictState state, String reason, @Nullable BlastFraction fraction) {
            this(state, reason, fraction, null);
        }

        ReviewDecision decision() {
            return switch (state) {
                case BLASTS_SUSPECTED -> ReviewDecision.SUSPECTED;
                case BLASTS_BELOW_THRESHOLD -> ReviewDecision.BELOW;
                case INDETERMINATE, INSUFFICIENT_CELLS, WITHHELD -> ReviewDecision.UNDECIDED;
            };
        }
    }

    private Finding byModel(
            SpecimenRule rule, Quality quality, SpecimenTally tally, Review review, SubjectRegions regions) {
        int counted = tally.counted();
        if (quality.judged() >= rule.minimumCells() && quality.share() > refusedLimit) {
            return withheld(tally, refused(quality));
        }
        if (counted == 0) {
            return new Finding(VerdictState.INSUFFICIENT_CELLS, "No cell was counted yet.", null);
        }
        Collection<ModelShare> shares = tally.counting().values();
        double apparent = (double) tally.calledBlast() / counted;
        if (shares.stream().anyMatch(share -> share.bundle().characteristics() == null)) {
            BlastFraction unknown = fraction(apparent, null, Interval.ALL, Basis.MODEL);
            String outlook = "Labels of cells drawn at random can decide.";
            return counted < rule.minimumCells()
                    ? new Finding(VerdictState.INSUFFICIENT_CELLS, tooFew(rule, counted), unknown, outlook)
                    : new Finding(
                            VerdictState.INDETERMINATE,
                            "The model was not validated for this kind and type of specimen, so its calls decide"
                                    + " nothing.",
                            unknown,
                            outlook);
        }
        Calls calls = Calls.of(shares, regions, modelAlpha() / 2);
        // Where the calls may say nothing, every fraction is consistent with whatever was seen.
        ConsistentSet consistent = calls.region().mayBeUninformative()
                ? new ConsistentSet.Of(Interval.ALL)
                : calls.region()
                        .consistentWith(ConfidenceSequence.interval(
                                tally.calledBlast() / calls.designEffect(),
                                counted / calls.designEffect(),
                                modelAlpha() / 2));
        BlastFraction fraction = fraction(
                apparent,
                calls.corrected(apparent),
                consistent instanceof ConsistentSet.Of of ? of.interval() : Interval.ALL,
                Basis.MODEL);
        String outlook = outlook(rule, counted, apparent, calls, review);
        if (counted < rule.minimumCells()) {
            return new Finding(VerdictState.INSUFFICIENT_CELLS, tooFew(rule, counted), fraction, outlook);
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
                        fraction,
                        outlook);
            case ConsistentSet.Of(Interval interval) ->
                new Finding(
                        against(rule, fraction.interval()),
                        "By the model's calls, corrected for its errors, " + says(rule, fraction.interval()),
                        fraction,
                        outlook);
        };
    }

    /**
     * How many more cells would let MODEL decide, if its calls go on as they are; where none would, how many labels of
     * cells drawn at random would, if its estimate is right.
     */
    private String outlook(SpecimenRule rule, int counted, double apparent, Calls calls, Review review) {
        Interval undecided = rule.undecided(calls.region().apparentAt(rule.threshold()));
        OptionalInt cells =
                ConfidenceSequence.trialsToLeave(apparent, calls.designEffect(), undecided, modelAlpha() / 2);
        if (cells.isPresent()) {
            return "About " + about(Math.max(cells.getAsInt(), rule.minimumCells()) - counted)
                    + " would probably decide, if the model's calls go on as they are.";
        }
        String none = calls.region().mayBeUninformative()
                ? "No number of cells decides with this model; "
                : "If its calls go on as they are, no number of cells decides with this model; ";
        Double corrected = calls.corrected(apparent);
        OptionalInt labels = corrected == null
                ? OptionalInt.empty()
                : labelsToDecide(rule, corrected, reviewAlpha() * review.nextAlphaShare());
        return none
                + (labels.isPresent() && labels.getAsInt() <= MOST_LABELS
                        ? "about " + labels.getAsInt() + " labels of cells drawn at random probably would, if its"
                                + " estimate is right."
                        : "labels of cells drawn at random can.");
    }

    /** How many more labels of the current draw would decide; while there are none, what MODEL says. */
    private Optional<String> outlook(SpecimenRule rule, Review review, Finding model) {
        Optional<Review.Sequence> current = review.current().filter(sequence -> sequence.labelled() > 0);
        if (current.isEmpty()) {
            return Optional.ofNullable(model.outlook());
        }
        Review.Sequence sequence = current.orElseThrow();
        double rate = (double) sequence.blasts() / sequence.labelled();
        if (!rule.allClear() && rate <= rule.threshold()) {
            return Optional.empty();
        }
        OptionalInt labels = labelsToDecide(rule, rate, reviewAlpha() * sequence.alphaShare());
        if (labels.isEmpty()) {
            return Optional.of(
                    "The labels are at the threshold: if they go on as they are, no number of them decides.");
        }
        int more = Math.max(1, labels.getAsInt() - sequence.labelled());
        int left = sequence.frame().size() - sequence.drawn();
        return Optional.of(
                "About " + about(more) + " drawn at random would probably decide, if the labels go on as they are"
                        + (more > left ? "; " + left + " are left to draw." : "."));
    }

    private OptionalInt labelsToDecide(SpecimenRule rule, double rate, double alpha) {
        return ConfidenceSequence.trialsToLeave(
                rate, 1, rule.undecided(new Interval(rule.threshold(), rule.threshold())), alpha);
    }

    /** A number of cells as one says it: two digits of it, rounded up. */
    private static String about(int cells) {
        int unit = 1;
        while (cells / unit >= 100) {
            unit *= 10;
        }
        int rounded = Math.ceilDiv(Math.max(cells, 1), unit) * unit;
        return String.format(Locale.ROOT, "%,d more %s", rounded, rounded == 1 ? "cell" : "cells");
    }

    /** What is shown of calls that decide nothing. */
    private Finding withheld(SpecimenTally tally, String reason) {
        int counted = tally.counted();
        return new Finding(
                VerdictState.WITHHELD,
                reason,
                counted == 0
                        ? null
                        : fraction((double) tally.calledBlast() / counted, null, Interval.ALL, Basis.MODEL));
    }

    private static String misfits(ImageForm registered, Map<String, Integer> misfits) {
        return "The specimen is registered as " + registered.words() + ", and some of its images say otherwise ("
                + misfits.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "))
                + "): whose they are is to be cleared up.";
    }

    /**
     * How well the cells of a specimen could be seen.
     *
     * @param refused what was refused for its quality, by the reason in words
     * @param judged that, and the cells that count
     * @param withoutCell images of a single cell in which none was found; among the refused
     */
    private record Quality(SortedMap<String, Integer> refused, int judged, int withoutCell) {
        static Quality of(String kind, SpecimenTally tally) {
            SortedMap<String, Integer> refused = new TreeMap<>();
            tally.qualityGated().forEach((gate, cells) -> refused.merge(GateReason.words(gate), cells, Integer::sum));
            int withoutCell = ImageForm.CELL.equals(kind) ? tally.withoutCell() : 0;
            if (withoutCell > 0) {
                refused.put("no cell found in the image", withoutCell);
            }
            return new Quality(refused, tally.counted() + Counts.total(refused), withoutCell);
        }

        int refusedCells() {
            return Counts.total(refused);
        }

        double share() {
            return (double) refusedCells() / judged;
        }

        /** Names the images in which no cell was found; empty where there are none. */
        Optional<String> missing(SpecimenTally tally) {
            return withoutCell == 0
                    ? Optional.empty()
                    : Optional.of(String.format(
                            Locale.ROOT,
                            "In %d of %d images of single cells no cell was found.",
                            withoutCell,
                            tally.classified()));
        }
    }

    private String refused(Quality quality) {
        String reasons = quality.refused().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%d of %d cells were refused for their quality (%s): more than %s, so the others do not stand for this"
                        + " specimen.",
                quality.refusedCells(),
                quality.judged(),
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
    private Optional<Finding> byReview(SpecimenRule rule, Review review) {
        return review.sequences().reversed().stream()
                .filter(Review.Sequence::coversAll)
                .filter(sequence -> sequence.labelled() > 0)
                .map(sequence -> byLabels(rule, sequence))
                .filter(finding -> finding.decision() != ReviewDecision.UNDECIDED)
                .findFirst();
    }

    private Finding byLabels(SpecimenRule rule, Review.Sequence sequence) {
        Interval interval = sequence.interval(reviewAlpha()).outward();
        double apparent = (double) sequence.blasts() / sequence.labelled();
        return new Finding(
                against(rule, interval),
                String.format(
                        Locale.ROOT,
                        "By the labels of a reviewer on %d cells drawn at random, %s",
                        sequence.labelled(),
                        says(rule, interval)),
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
                            atLeast(interval.lower()),
                            atMost(interval.upper()));
                })
                .orElse("Cells were found after the review began; it needs new draws from all of them.");
    }

    /** What the labels of a sequence decide by themselves, in a specimen of this type. */
    public ReviewDecision decision(String specimenType, Review.Sequence sequence) {
        return sequence.labelled() == 0
                ? ReviewDecision.UNDECIDED
                : byLabels(rule(specimenType), sequence).decision();
    }

    private static VerdictState against(SpecimenRule rule, Interval interval) {
        if (interval.lower() >= rule.threshold()) {
            return VerdictState.BLASTS_SUSPECTED;
        }
        return interval.upper() < rule.threshold() ? VerdictState.BLASTS_BELOW_THRESHOLD : VerdictState.INDETERMINATE;
    }

    private static String says(SpecimenRule rule, Interval interval) {
        String range = atLeast(interval.lower()) + " to " + atMost(interval.upper()) + " of the cells are blasts, ";
        return range
                + switch (against(rule, interval)) {
                    case BLASTS_SUSPECTED -> "at or above the threshold.";
                    case BLASTS_BELOW_THRESHOLD -> "below the threshold.";
                    case INDETERMINATE, INSUFFICIENT_CELLS, WITHHELD -> "which spans the threshold.";
                };
    }

    private static String tooFew(SpecimenRule rule, int counted) {
        return "Only " + counted + " cells were counted; at least " + rule.minimumCells() + " are needed.";
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

    /** The lower end of an interval, rounded down to a tenth of a percent: what is said never is narrower. */
    private static String atLeast(double proportion) {
        return percent(Math.floor(proportion * 1e3 + 1e-9) / 1e3);
    }

    /** The upper end, rounded up. */
    private static String atMost(double proportion) {
        return percent(Math.ceil(proportion * 1e3 - 1e-9) / 1e3);
    }

    private String evidenceHash(
            String specimenType, String kind, SpecimenTally tally, Map<String, Integer> misfits, Review review) {
        return "sha256:"
                + Fingerprint.of(
                        "SPECIMEN",
                        specimenType,
                        kind,
                        // Without misfits the hash is the one from before they were looked for.
                        canonical(specimenType)
                                + (misfits.isEmpty() ? "" : ", images of " + misfits)
                                // Likewise, from before such images were judged.
                                + (Quality.of(kind, tally).withoutCell() == 0 ? "" : ", images without a cell judged"),
                        tally.evidence().toString(16),
                        review.digest());
    }

    /**
     * All that a specimen of this type is held to, in words: two policies with the same words judge the same. The rules of
     * this version belong to it, so that what an older one decided is decided anew.
     */
    public String words(String specimenType) {
        return canonical(specimenType) + ", period " + (period == null ? "unlimited" : period) + ", rules " + RULES;
    }

    /** The policy as the evidence hash of a specimen of this type sees it. */
    private String canonical(String specimenType) {
        return rule(specimenType).canonical() + ", level " + level + ", model's share " + modelShare
                + ", refused for quality " + refusedLimit + ", " + triage.canonical();
    }

    /**
     * The specimens that do not count for their patient's state, being older than the period. They are held against the
     * newest one and never against a clock, so that they follow from the set of registrations; one of unknown time counts.
     */
    public SortedSet<String> past(Map<String, Registration> specimens) {
        SortedSet<String> past = new TreeSet<>();
        Optional<Instant> newest = specimens.values().stream()
                .flatMap(registration -> Stream.ofNullable(registration.registeredAt()))
                .max(Comparator.naturalOrder());
        if (period != null && newest.isPresent()) {
            Instant begin = newest.get().minus(period);
            specimens.forEach((id, registration) -> {
                Instant at = registration.registeredAt();
                if (at != null && at.isBefore(begin)) {
                    past.add(id);
                }
            });
        }
        return past;
    }

    /** Hash over all evidence of a patient: that of the specimens, in no order. */
    public static String patientEvidenceHash(Collection<String> specimenHashes) {
        return "sha256:"
                + Fingerprint.of(
                        "PATIENT",
                        String.join("\n", specimenHashes.stream().sorted().toList()));
    }
}
