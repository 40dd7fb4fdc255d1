package io.leukostream.results.domain;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The sums over a specimen's images, kept up by replacing what one image said before with what it says now: constant
 * work for an image, whatever their number, and the same sums in any order.
 *
 * @param evidence sum modulo 2^256 of the outcomes' digests. A sum does not depend on order and takes an image back out;
 *     it tells apart any two sets that were not built to collide (forgery is what the audit chain is for)
 * @param models by bundle sha256, the bundles that called cells or images of this specimen
 * @param gated cells found that do not count
 * @param withoutCell read images in which no cell was found
 * @param doubtful counted cells that a person should look at
 * @param qualityGated those among them that were refused for their quality, by {@link GateReason reason}
 * @param types counted cells by their type, those without one left out
 * @param forms read images by what their records say that the specimen is, in {@link ImageForm#words words}; those that
 *     do not tell left out
 */
public record SpecimenTally(
        int received,
        int classified,
        SortedMap<String, Integer> rejectedByReason,
        SortedMap<String, ModelShare> models,
        int gated,
        int withoutCell,
        int doubtful,
        SortedMap<String, Integer> qualityGated,
        SortedMap<String, Integer> types,
        SortedMap<String, Integer> forms,
        BigInteger evidence) {
    /**
     * Of what is summed; to be raised with every change of it. A tally that was stored by other rules is to be summed up
     * again: its images would be taken out by other rules than they were put in.
     */
    public static final int RULES = 1;

    /** Nothing. */
    public static final SpecimenTally EMPTY = new SpecimenTally(
            0,
            0,
            new TreeMap<>(),
            new TreeMap<>(),
            0,
            0,
            0,
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            BigInteger.ZERO);

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    public SpecimenTally {
        if (received < 0 || classified < 0 || gated < 0 || withoutCell < 0 || doubtful < 0) {
            throw new IllegalArgumentException("a tally never falls below nothing: " + received + ", " + classified
                    + ", " + gated + ", " + withoutCell + ", " + doubtful);
        }
        rejectedByReason = new TreeMap<>(rejectedByReason);
        models = new TreeMap<>(models);
        // A tally that was stored before these were kept: none of its cells had a type or was judged by its quality.
        qualityGated = qualityGated == null ? new TreeMap<>() : new TreeMap<>(qualityGated);
        types = types == null ? new TreeMap<>() : new TreeMap<>(types);
        forms = forms == null ? new TreeMap<>() : new TreeMap<>(forms);
    }

    /**
     * What one bundle called here.
     *
     * @param images images whose outcome is its own
     * @param counted cells that no gate refused
     * @param calledBlast those called BLAST
     */
    public record ModelShare(ModelBundle bundle, int images, int counted, int calledBlast) {
        public ModelShare {
            if (images < 0 || calledBlast < 0 || calledBlast > counted) {
                throw new IllegalArgumentException(
                        "no share: " + images + " images, " + calledBlast + " of " + counted + " cells");
            }
        }
    }

    /** The tally in which one image says {@code after} where it said {@code before}. */
    public SpecimenTally replace(ImageState before, ImageState after) {
        return before.equals(after) ? this : plus(before, -1).plus(after, 1);
    }

    private SpecimenTally plus(ImageState image, int sign) {
        int nowReceived = received + (image.received() ? sign : 0);
        return switch (image.outcome()) {
            case null -> withoutCells(nowReceived, rejectedByReason, evidence);
            case ImageOutcome.Rejected rejected ->
                withoutCells(
                        nowReceived,
                        Counts.sum(rejectedByReason, Map.of(rejected.reason(), 1), sign),
                        evidence(rejected, sign));
            case ImageOutcome.Classified read -> {
                int counted = count(read, cell -> true);
                int blasts = count(read, CellCall::blast);
                int doubted = count(read, CellCall::doubtful);
                SortedMap<String, ModelShare> shares = new TreeMap<>(models);
                ModelShare old = shares.getOrDefault(read.model().sha256(), new ModelShare(read.model(), 0, 0, 0));
                ModelShare share = new ModelShare(
                        old.bundle(),
                        old.images() + sign,
                        old.counted() + sign * counted,
                        old.calledBlast() + sign * blasts);
                shares.put(read.model().sha256(), share);
                shares.values().removeIf(each -> each.images() == 0);
                yield new SpecimenTally(
                        nowReceived,
                        classified + sign,
                        rejectedByReason,
                        shares,
                        gated + sign * (read.cells().size() - counted),
                        withoutCell + (read.cells().isEmpty() ? sign : 0),
                        doubtful + sign * doubted,
                        Counts.sum(
                                qualityGated,
                                Counts.by(read.cells(), cell -> GateReason.ofQuality(cell.gate()) ? cell.gate() : null),
                                sign),
                        Counts.sum(types, Counts.by(read.cells(), cell -> cell.counts() ? cell.type() : null), sign),
                        read.form() == null
                                ? forms
                                : Counts.sum(forms, Map.of(read.form().words(), 1), sign),
                        evidence(read, sign));
            }
        };
    }

    /** This tally with what an image without cells changes. */
    private SpecimenTally withoutCells(
            int nowReceived, SortedMap<String, Integer> nowRejected, BigInteger nowEvidence) {
        return new SpecimenTally(
                nowReceived,
                classified,
                nowRejected,
                models,
                gated,
                withoutCell,
                doubtful,
                qualityGated,
                types,
                forms,
                nowEvidence);
    }

    /** Cells that count and are so. */
    private static int count(ImageOutcome.Classified read, Predicate<CellCall> so) {
        return (int) read.cells().stream()
                .filter(cell -> cell.counts() && so.test(cell))
                .count();
    }

    private BigInteger evidence(ImageOutcome outcome, int sign) {
        BigInteger digest = new BigInteger(outcome.digest(), 16);
        return (sign > 0 ? evidence.add(digest) : evidence.subtract(digest)).mod(MODULUS);
    }

    /** Images with an outcome that could not be used. */
    public int rejected() {
        return Counts.total(rejectedByReason);
    }

    /** Images received and without outcome. */
    public int pending() {
        return received - classified - rejected();
    }

    /** Read images whose records say that their specimen is something else than this, by what they say. */
    SortedMap<String, Integer> misfits(ImageForm registered) {
        SortedMap<String, Integer> others = new TreeMap<>(forms);
        others.remove(registered.words());
        return others;
    }

    /** Cells that enter the fraction. */
    public int counted() {
        return models.values().stream().mapToInt(ModelShare::counted).sum();
    }

    /** Counted cells called BLAST. */
    public int calledBlast() {
        return models.values().stream().mapToInt(ModelShare::calledBlast).sum();
    }

    /** Labels of the bundles at work, by bundle hash. */
    public List<String> modelLabels() {
        return models.values().stream()
                .map(share -> share.bundle().label())
                .distinct()
                .sorted()
                .toList();
    }

    /** The shares whose cells enter the fraction. */
    Map<String, ModelShare> counting() {
        SortedMap<String, ModelShare> counting = new TreeMap<>(models);
        counting.values().removeIf(share -> share.counted() == 0);
        return counting;
    }
}
