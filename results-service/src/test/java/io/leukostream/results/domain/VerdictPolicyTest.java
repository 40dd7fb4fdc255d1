package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.leukostream.results.domain.SpecimenVerdict.ReviewDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerdictPolicyTest {
    private static final VerdictPolicy POLICY = VerdictPolicy.DEFAULT;
    private static final SubjectRegions REGIONS = new SubjectRegions();
    private static final ModelBundle GOOD = Cases.bundle("1.0.0", Cases.steady(0.93, 0.95));
    private static final ModelBundle UNVALIDATED = Cases.bundle("1.0.1", null);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static SpecimenVerdict marrow(SpecimenTally tally, Review review) {
        return POLICY.assess("BONE_MARROW", "CELL", tally, review, REGIONS);
    }

    @Test
    void manyBlastCallsOfASteadyModelAreSuspected() {
        // Given
        SpecimenTally tally = Cases.tally(500, 430, GOOD);

        // When
        SpecimenVerdict verdict = marrow(tally, Review.NONE);

        // Then
        assertEquals(VerdictState.BLASTS_SUSPECTED, verdict.state());
        BlastFraction fraction = verdict.fraction();
        assertNotNull(fraction);
        assertEquals(0.86, fraction.apparent());
        assertEquals((0.86 + 0.95 - 1) / (0.93 + 0.95 - 1), fraction.corrected(), 1e-3);
        assertTrue(fraction.interval().lower() >= 0.25 && fraction.interval().upper() == 1.0);
    }

    @Test
    void callsAtTheModelsOwnErrorRateAreBelow() {
        // Given
        SpecimenTally tally = Cases.tally(500, 25, GOOD);

        // When
        SpecimenVerdict verdict = marrow(tally, Review.NONE);

        // Then
        assertEquals(VerdictState.BLASTS_BELOW_THRESHOLD, verdict.state());
    }

    /** A specimen with one more image whose record says that it is of this type and kind. */
    private static SpecimenTally joined(SpecimenTally tally, String specimenType, String kind) {
        ImageForm form = new ImageForm(specimenType, kind);
        List<CellCall> cells = List.of(new CellCall(new Box(0, 0, 30, 30), false, 1000, null));
        return tally.replace(
                ImageState.UNKNOWN,
                ImageState.UNKNOWN.withOutcome(
                        new ImageOutcome.Classified(1, Fingerprint.of("one more"), GOOD, cells, null, form, 200, 90)));
    }

    @Test
    void imagesThatSayTheyAreOfAnotherKindOrTypeLeaveNoAllClearAndNoCalls() {
        // Given
        SpecimenTally few = Cases.tally(500, 25, GOOD);
        SpecimenTally many = Cases.tally(500, 430, GOOD);
        SpecimenVerdict fitting = marrow(joined(few, "BONE_MARROW", "CELL"), Review.NONE);

        // When
        SpecimenVerdict field = marrow(joined(few, "BONE_MARROW", "FIELD"), Review.NONE);
        SpecimenVerdict blood = marrow(joined(many, "PERIPHERAL_BLOOD", "CELL"), Review.NONE);

        // Then
        assertEquals(VerdictState.BLASTS_BELOW_THRESHOLD, fitting.state());
        assertEquals(VerdictState.WITHHELD, field.state());
        assertEquals(
                "The specimen is registered as CELL of bone marrow, and some of its images say otherwise (FIELD of bone"
                        + " marrow 1): whose they are is to be cleared up.",
                field.reasons().getFirst());
        assertEquals(VerdictState.WITHHELD, blood.state());
        assertNotEquals(fitting.evidenceHash(), field.evidenceHash());
    }

    @Test
    void bloodHasNoAllClear() {
        // Given
        SpecimenTally tally = Cases.tally(500, 25, GOOD);

        // When
        SpecimenVerdict verdict = POLICY.assess("PERIPHERAL_BLOOD", "CELL", tally, Review.NONE, REGIONS);

        // Then
        assertEquals(VerdictState.INDETERMINATE, verdict.state());
        assertTrue(verdict.reasons().stream().anyMatch(reason -> reason.contains("do not exclude")));
    }

    @Test
    void fewCellsAreInsufficient() {
        // Given
        SpecimenTally tally = Cases.tally(49, 45, GOOD);

        // When
        SpecimenVerdict verdict = marrow(tally, Review.NONE);

        // Then
        assertEquals(VerdictState.INSUFFICIENT_CELLS, verdict.state());
        assertNotNull(verdict.fraction());
    }

    @Test
    void noCellHasNoFraction() {
        // Given
        SpecimenTally tally = SpecimenTally.EMPTY.replace(ImageState.UNKNOWN, ImageState.UNKNOWN.withReceipt());

        // When
        SpecimenVerdict verdict = marrow(tally, Review.NONE);

        // Then
        assertEquals(VerdictState.INSUFFICIENT_CELLS, verdict.state());
        assertNull(verdict.fraction());
        assertEquals(1, tally.pending());
    }

    @Test
    void anUnvalidatedModelDecidesNothing() {
        // Given
        SpecimenTally tally = Cases.tally(500, 450, UNVALIDATED);

        // When
        SpecimenVerdict verdict = marrow(tally, Review.NONE);

        // Then
        assertEquals(VerdictState.INDETERMINATE, verdict.state());
        assertTrue(verdict.reasons().getFirst().contains("not validated"));
        assertEquals(Interval.ALL, verdict.fraction().interval());
        assertNull(verdict.fraction().corrected());
    }

    @Test
    void callsThatNoFractionExplainsAreWithheld() {
        // Given: a model that calls some 30 % of normal cells BLAST, and hardly a cell here
        SpecimenTally tally = Cases.tally(500, 5, Cases.bundle("1.0.2", Cases.steady(0.93, 0.7)));

        // When
        SpecimenVerdict verdict = marrow(tally, Review.NONE);

        // Then
        assertEquals(VerdictState.WITHHELD, verdict.state());
        assertEquals(Interval.ALL, verdict.fraction().interval());
    }

    /** Cells that count, of which the first are called blasts, and others that gates refused. */
    private static SpecimenTally refused(int counted, int blasts, String gate, int gated) {
        SpecimenTally tally = Cases.tally(counted, blasts, GOOD);
        List<CellCall> cells = IntStream.range(0, gated)
                .mapToObj(k -> new CellCall(new Box(40 * k, 0, 30, 30), false, 1000, gate))
                .toList();
        return tally.replace(
                ImageState.UNKNOWN,
                ImageState.UNKNOWN.withOutcome(new ImageOutcome.Classified(1, Fingerprint.of(gate), GOOD, cells)));
    }

    @Test
    void moreRefusedThanTheLimitAreWithheldAndExactlyTheLimitAreNot() {
        // When
        SpecimenVerdict atTheLimit = marrow(refused(100, 95, "OUT_OF_FOCUS", 100), Review.NONE);
        SpecimenVerdict above = marrow(refused(100, 95, "OUT_OF_FOCUS", 101), Review.NONE);

        // Then
        assertEquals(VerdictState.BLASTS_SUSPECTED, atTheLimit.state());
        assertEquals(VerdictState.WITHHELD, above.state());
        assertEquals(
                "101 of 201 cells were refused for their quality (out of focus 101): more than 50.0 %, so the others do not"
                        + " stand for this specimen.",
                above.reasons().getFirst());
        assertEquals(Interval.ALL, above.fraction().interval());
        assertNull(above.fraction().corrected());
        assertEquals(0.95, above.fraction().apparent());
    }

    @Test
    void aSpecimenWithoutACellThatCountsIsWithheldOnceEnoughWereJudged() {
        // When
        SpecimenVerdict few = marrow(refused(0, 0, "SMUDGE", 49), Review.NONE);
        SpecimenVerdict enough = marrow(refused(0, 0, "SMUDGE", 50), Review.NONE);

        // Then
        assertEquals(VerdictState.INSUFFICIENT_CELLS, few.state());
        assertEquals(VerdictState.WITHHELD, enough.state());
        assertNull(enough.fraction());
    }

    /** Cells that count, and images of single cells in which none was found. */
    private static SpecimenTally without(SpecimenTally tally, int images) {
        SpecimenTally more = tally;
        for (int k = 0; k < images; k++) {
            more = more.replace(
                    ImageState.UNKNOWN,
                    ImageState.UNKNOWN.withOutcome(
                            new ImageOutcome.Classified(1, Fingerprint.of("empty " + k), GOOD, List.of())));
        }
        return more;
    }

    @Test
    void imagesOfSingleCellsInWhichNoneIsFoundAreRefusedCells() {
        // Given
        SpecimenTally cells = Cases.tally(55, 50, GOOD);

        // When
        SpecimenVerdict few = marrow(without(cells, 10), Review.NONE);
        SpecimenVerdict most = marrow(without(cells, 60), Review.NONE);
        SpecimenVerdict fields = VerdictPolicy.DEFAULT.assess(
                "BONE_MARROW", "FIELD", without(cells, 60), Review.NONE, new SubjectRegions());

        // Then
        assertTrue(few.reasons().contains("In 10 of 65 images of single cells no cell was found."), few.toString());
        assertNotEquals(VerdictState.WITHHELD, few.state());
        assertEquals(VerdictState.WITHHELD, most.state());
        assertEquals(
                "60 of 115 cells were refused for their quality (no cell found in the image 60): more than 50.0 %, so the"
                        + " others do not stand for this specimen.",
                most.reasons().getFirst());
        assertNotEquals(VerdictState.WITHHELD, fields.state(), "a field may be empty");
    }

    @Test
    void policiesThatJudgeDifferentlyHaveOtherWordsAndAnotherTypesRuleDoesNotMatter() {
        // Given
        VerdictPolicy policy = VerdictPolicy.DEFAULT;
        VerdictPolicy blood = new VerdictPolicy(
                policy.marrow(),
                SpecimenRule.blood(0.1, 0.05, 50),
                policy.level(),
                policy.modelShare(),
                0.5,
                null,
                policy.triage());

        // When
        String marrow = policy.words("BONE_MARROW");

        // Then
        assertEquals(marrow, blood.words("BONE_MARROW"));
        assertNotEquals(policy.words("PERIPHERAL_BLOOD"), blood.words("PERIPHERAL_BLOOD"));
        assertNotEquals(marrow, new VerdictPolicy(0.9, 0.2, 50, 0.95, 0.5, 0.5).words("BONE_MARROW"));
        assertNotEquals(marrow, new VerdictPolicy(0.25, 0.2, 50, 0.99, 0.5, 0.5).words("BONE_MARROW"));
        assertNotEquals(marrow, new VerdictPolicy(0.25, 0.2, 50, 0.95, 0.5, 0.4).words("BONE_MARROW"));
    }

    @Test
    void cellsAtTheBorderOrOfAnotherSizeWithholdNothing() {
        for (String gate : List.of("TOUCHES_BORDER", "SIZE_OUT_OF_RANGE")) {
            // When
            SpecimenVerdict verdict = marrow(refused(100, 95, gate, 900), Review.NONE);

            // Then
            assertEquals(VerdictState.BLASTS_SUSPECTED, verdict.state(), gate);
        }
    }

    @Test
    void aGateThatIsNewHereIsOneOfQuality() {
        // When
        SpecimenVerdict verdict = marrow(refused(100, 95, "BUBBLE_IN_OIL", 300), Review.NONE);

        // Then
        assertEquals(VerdictState.WITHHELD, verdict.state());
        assertTrue(verdict.reasons().getFirst().contains("bubble in oil 300"));
    }

    @Test
    void withholdingHasNoMemory() {
        // Given
        SpecimenTally withheld = refused(100, 95, "OUT_OF_FOCUS", 101);
        ImageState late = ImageState.UNKNOWN.withOutcome(Cases.oneCell(1000, true, GOOD));

        // When
        SpecimenVerdict verdict = marrow(withheld.replace(ImageState.UNKNOWN, late), Review.NONE);

        // Then: 101 of 202 is the limit itself
        assertEquals(VerdictState.BLASTS_SUSPECTED, verdict.state());
    }

    @Test
    void theLimitIsPartOfThePolicysHashAndOneNeverWithholds() {
        // Given
        SpecimenTally tally = refused(100, 95, "OUT_OF_FOCUS", 300);
        VerdictPolicy never = new VerdictPolicy(0.25, 0.20, 50, 0.95, 0.5, 1);

        // When
        SpecimenVerdict verdict = never.assess("BONE_MARROW", "CELL", tally, Review.NONE, REGIONS);

        // Then
        assertEquals(VerdictState.BLASTS_SUSPECTED, verdict.state());
        assertNotEquals(marrow(tally, Review.NONE).evidenceHash(), verdict.evidenceHash());
    }

    @Test
    void twoBundlesAreJudgedByTheHullOfTheirRegions() {
        // Given
        ModelBundle worse = Cases.bundle("0.9.0", Cases.steady(0.8, 0.8));
        SpecimenTally tally = Cases.tally(250, 220, GOOD);
        for (int k = 250; k < 500; k++) {
            tally = tally.replace(ImageState.UNKNOWN, ImageState.UNKNOWN.withOutcome(Cases.oneCell(k, k < 470, worse)));
        }

        // When
        Interval both = marrow(tally, Review.NONE).fraction().interval();

        // Then
        Interval good =
                marrow(Cases.tally(500, 440, GOOD), Review.NONE).fraction().interval();
        assertTrue(both.lower() < good.lower(), both + " against " + good);
        assertEquals(List.of("test/0.9.0", "test/1.0.0"), tally.modelLabels());
    }

    @Test
    void reviewDecidesEitherWayAndOverridesTheModel() {
        // Given
        SpecimenTally tally = Cases.tally(500, 430, GOOD);
        List<CellKey> cells = cells(500);
        ReviewFrame frame = new ReviewFrame(cells);

        // When
        SpecimenVerdict clean = marrow(tally, Review.of(labels(frame, 40, cell -> ReviewLabel.NOT_BLAST), cells));
        SpecimenVerdict full =
                marrow(Cases.tally(500, 25, GOOD), Review.of(labels(frame, 20, cell -> ReviewLabel.BLAST), cells));

        // Then
        assertEquals(VerdictState.BLASTS_BELOW_THRESHOLD, clean.state());
        assertEquals(ReviewDecision.BELOW, clean.reviewDecision());
        assertEquals(BlastFraction.Basis.REVIEW, clean.fraction().basis());
        assertTrue(clean.reasons().stream().anyMatch(reason -> reason.contains("the opposite")));
        assertEquals(VerdictState.BLASTS_SUSPECTED, full.state());
        assertEquals(40, clean.reviewedCells());
    }

    @Test
    void aReviewDecidesWhereTooFewCellsWereCounted() {
        // Given
        List<CellKey> cells = cells(30);

        // When
        SpecimenVerdict verdict = marrow(
                Cases.tally(30, 0, GOOD),
                Review.of(labels(new ReviewFrame(cells), 30, cell -> ReviewLabel.NOT_BLAST), cells));

        // Then
        assertEquals(VerdictState.BLASTS_BELOW_THRESHOLD, verdict.state());
    }

    @Test
    void fewLabelsDecideAtTheEnds() {
        // Given
        List<CellKey> cells = cells(500);
        ReviewFrame frame = new ReviewFrame(cells);

        // When
        int clean = labelsToDecide(frame, cells, ReviewLabel.NOT_BLAST);
        int full = labelsToDecide(frame, cells, ReviewLabel.BLAST);

        // Then
        assertEquals(21, clean);
        assertEquals(4, full);
    }

    private static int labelsToDecide(ReviewFrame frame, List<CellKey> cells, ReviewLabel label) {
        return IntStream.rangeClosed(1, 100)
                .filter(count -> POLICY.decision(
                                "BONE_MARROW",
                                Review.of(labels(frame, count, cell -> label), cells)
                                        .current()
                                        .orElseThrow())
                        != ReviewDecision.UNDECIDED)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onlyTheFullyLabelledPrefixOfThePrimaryReaderCounts() {
        // Given
        List<CellKey> cells = cells(100);
        ReviewFrame frame = new ReviewFrame(cells);
        List<CellKey> order = frame.drawOrder();
        List<ReviewEvent> events = labels(frame, 5, cell -> ReviewLabel.NOT_BLAST);
        // The sixth cell is skipped, a cell is none, one is taken back, a second reader disagrees, one was chosen.
        events.add(label("skip", frame.id(), order.get(6), ReviewLabel.BLAST, "ada", 100));
        events.add(label("none", frame.id(), order.get(1), ReviewLabel.NOT_A_CELL, "ada", 101));
        events.add(new ReviewEvent.Withdrawn("back", NOON.plusSeconds(102), frame.id(), order.get(4), "ada"));
        events.add(label("double", frame.id(), order.get(0), ReviewLabel.BLAST, "bela", 103));
        events.add(label("chosen", null, order.get(4), ReviewLabel.BLAST, "ada", 104));

        // When
        Review review = Review.of(events, cells);

        // Then
        Review.Sequence sequence = review.current().orElseThrow();
        assertEquals("ada", sequence.primaryReader());
        assertEquals(4, sequence.drawn());
        assertEquals(3, sequence.labelled());
        assertEquals(0, sequence.blasts());
        assertEquals(ReviewLabel.BLAST, review.shown().get(order.get(4)).label());
        assertEquals("bela", review.shown().get(order.get(0)).reviewer());
    }

    @Test
    void cellsFoundLaterNeedANewFrameAndAllFramesTogetherSpendNoMoreThanTheLevel() {
        // Given
        List<CellKey> early = cells(60);
        List<CellKey> all = cells(80);
        List<ReviewEvent> events = labels(new ReviewFrame(early), 40, cell -> ReviewLabel.NOT_BLAST);

        // When
        Review before = Review.of(events, early);
        Review after = Review.of(events, all);
        events.add(new ReviewEvent.FrameOpened("later", NOON.plusSeconds(500), new ReviewFrame(all)));
        Review reopened = Review.of(events, all);

        // Then
        assertTrue(before.current().isPresent());
        assertTrue(after.current().isEmpty());
        assertEquals(
                VerdictState.INDETERMINATE,
                marrow(Cases.tally(80, 40, UNVALIDATED), after).state());
        assertEquals(80, reopened.current().orElseThrow().frame().size());
        assertEquals(0, reopened.current().orElseThrow().drawn());
        assertTrue(reopened.sequences().stream()
                        .mapToDouble(Review.Sequence::alphaShare)
                        .sum()
                < 1);
    }

    @Test
    void reviewsAreAFunctionOfTheSetOfTheirEvents() {
        // Given
        long seed = 3;
        Random random = new Random(seed);
        List<CellKey> cells = cells(50);
        ReviewFrame frame = new ReviewFrame(cells);
        List<ReviewEvent> events = labels(
                frame,
                30,
                cell -> List.of(ReviewLabel.BLAST, ReviewLabel.NOT_BLAST, ReviewLabel.NOT_A_CELL)
                        .get(random.nextInt(3)));
        for (int k = 0; k < 20; k++) {
            CellKey cell = cells.get(random.nextInt(50));
            events.add(
                    random.nextBoolean()
                            ? label("r" + k, frame.id(), cell, ReviewLabel.BLAST, "ada", 40 + random.nextInt(5))
                            : new ReviewEvent.Withdrawn("r" + k, NOON.plusSeconds(42), frame.id(), cell, "ada"));
        }
        Review expected = Review.of(events, cells);

        // When
        List<ReviewEvent> disturbed = new ArrayList<>(events);
        disturbed.addAll(events.subList(0, 10));
        Collections.shuffle(disturbed, random);
        Review review = Review.of(disturbed, cells);

        // Then
        assertEquals(expected.digest(), review.digest(), "seed " + seed);
        assertEquals(expected.shown(), review.shown(), "seed " + seed);
    }

    @Test
    void theEvidenceHashDependsOnThePolicyAndNotOnWhatIsPending() {
        // Given
        SpecimenTally tally = Cases.tally(60, 30, GOOD);
        VerdictPolicy other = new VerdictPolicy(0.2, 0.2, 50, 0.95, 0.5, 0.5);

        // When
        String hash = marrow(tally, Review.NONE).evidenceHash();

        // Then
        SpecimenTally withPending = tally.replace(ImageState.UNKNOWN, ImageState.UNKNOWN.withReceipt());
        assertEquals(hash, marrow(withPending, Review.NONE).evidenceHash());
        assertNotEquals(
                hash,
                other.assess("BONE_MARROW", "CELL", tally, Review.NONE, REGIONS).evidenceHash());
        assertTrue(hash.matches("sha256:[0-9a-f]{64}"));
    }

    private static String outlook(SpecimenVerdict verdict) {
        return verdict.reasons().get(verdict.reasons().size() - 2);
    }

    @Test
    void anUndecidedReviewSaysHowManyLabelsWouldDecideAndSoManyDo() {
        // Given: no blast among ten, and labels that go on like that
        List<CellKey> cells = cells(500);
        ReviewFrame frame = new ReviewFrame(cells);
        SpecimenTally tally = Cases.tally(500, 250, UNVALIDATED);

        // When
        SpecimenVerdict verdict = marrow(tally, Review.of(labels(frame, 10, cell -> ReviewLabel.NOT_BLAST), cells));

        // Then
        assertEquals(
                "About 11 more cells drawn at random would probably decide, if the labels go on as they are.",
                outlook(verdict));
        assertEquals(21, labelsToDecide(frame, cells, ReviewLabel.NOT_BLAST));
    }

    @Test
    void labelsAtTheThresholdAndADrawThatEndsAreSaid() {
        // Given
        List<CellKey> many = cells(500);
        ReviewFrame large = new ReviewFrame(many);
        List<CellKey> few = cells(15);
        ReviewFrame small = new ReviewFrame(few);

        // When
        SpecimenVerdict atThreshold = marrow(
                Cases.tally(500, 250, UNVALIDATED),
                Review.of(
                        labels(
                                large,
                                40,
                                cell -> large.drawOrder().indexOf(cell) % 4 == 0
                                        ? ReviewLabel.BLAST
                                        : ReviewLabel.NOT_BLAST),
                        many));
        SpecimenVerdict ends = marrow(
                Cases.tally(15, 0, UNVALIDATED), Review.of(labels(small, 10, cell -> ReviewLabel.NOT_BLAST), few));

        // Then
        assertEquals(
                "The labels are at the threshold: if they go on as they are, no number of them decides.",
                outlook(atThreshold));
        assertEquals(
                "About 11 more cells drawn at random would probably decide, if the labels go on as they are; 5 are left"
                        + " to draw.",
                outlook(ends));
    }

    @Test
    void theModelSaysHowManyCellsWouldDecideAndSoManyDo() {
        // Given: a steady model; few cells that are all called blasts, and more that are less clear
        SpecimenTally few = Cases.tally(10, 10, GOOD);
        SpecimenTally more = Cases.tally(60, 24, GOOD);

        // When
        SpecimenVerdict insufficient = marrow(few, Review.NONE);
        SpecimenVerdict undecided = marrow(more, Review.NONE);

        // Then
        assertEquals(VerdictState.INSUFFICIENT_CELLS, insufficient.state());
        assertEquals(
                "About 40 more cells would probably decide, if the model's calls go on as they are.",
                outlook(insufficient));
        assertEquals(VerdictState.INDETERMINATE, undecided.state());
        var said = Pattern.compile("About (\\d+) more cells would probably decide, .*")
                .matcher(outlook(undecided));
        assertTrue(said.matches(), outlook(undecided));
        int all = 60 + Integer.parseInt(said.group(1));
        assertEquals(
                VerdictState.BLASTS_SUSPECTED,
                marrow(Cases.tally(all, (int) Math.ceil(0.4 * all), GOOD), Review.NONE)
                        .state());
    }

    @Test
    void aModelThatCannotDecideSaysSoAndWhatCan() {
        // Given: a spread in which the calls may say nothing, a rate within the region's own, and no validation
        ModelBundle spread = Cases.bundle(
                "1.0.3",
                new OperatingCharacteristics(
                        List.of(new SubjectCalls(95, 100), new SubjectCalls(40, 100)),
                        List.of(new SubjectCalls(90, 100), new SubjectCalls(50, 100)),
                        2));

        // When
        String uninformative = outlook(marrow(Cases.tally(500, 450, spread), Review.NONE));
        String within = outlook(marrow(Cases.tally(500, 135, GOOD), Review.NONE));
        String unvalidated = outlook(marrow(Cases.tally(500, 450, UNVALIDATED), Review.NONE));

        // Then
        assertEquals(
                "No number of cells decides with this model; about 4 labels of cells drawn at random probably would, if"
                        + " its estimate is right.",
                uninformative);
        assertEquals(
                "If its calls go on as they are, no number of cells decides with this model; labels of cells drawn at"
                        + " random can.",
                within);
        assertEquals("Labels of cells drawn at random can decide.", unvalidated);
    }

    @Test
    void whatIsDecidedOrWithheldHasNoOutlook() {
        // When
        List<SpecimenVerdict> verdicts = List.of(
                marrow(Cases.tally(500, 430, GOOD), Review.NONE),
                marrow(Cases.tally(500, 25, GOOD), Review.NONE),
                marrow(refused(100, 95, "OUT_OF_FOCUS", 101), Review.NONE),
                POLICY.assess("PERIPHERAL_BLOOD", "CELL", Cases.tally(500, 25, GOOD), Review.NONE, REGIONS));

        // Then
        for (SpecimenVerdict verdict : verdicts) {
            assertTrue(
                    verdict.reasons().stream().noneMatch(reason -> reason.contains("decide")),
                    verdict.reasons().toString());
        }
    }

    @Test
    void aBlastThatAReviewerSawInBloodIsNamedAndInMarrowItIsNot() {
        // Given: one chosen cell
        List<CellKey> cells = cells(60);
        Review one = Review.of(List.of(label("chosen", null, cells.get(3), ReviewLabel.BLAST, "ada", 1)), cells);
        Review two = Review.of(
                List.of(
                        label("chosen", null, cells.get(3), ReviewLabel.BLAST, "ada", 1),
                        label("again", null, cells.get(4), ReviewLabel.BLAST, "ada", 2),
                        label("other", null, cells.get(5), ReviewLabel.NOT_BLAST, "ada", 3)),
                cells);
        SpecimenTally tally = Cases.tally(60, 5, GOOD);

        // When
        SpecimenVerdict blood = POLICY.assess("PERIPHERAL_BLOOD", "CELL", tally, one, REGIONS);
        SpecimenVerdict more = POLICY.assess("PERIPHERAL_BLOOD", "CELL", tally, two, REGIONS);
        SpecimenVerdict marrow = marrow(tally, one);

        // Then
        String rest = "; any blast in peripheral blood is to be looked at.";
        assertTrue(blood.reasons().contains("A reviewer labelled 1 cell as a blast" + rest));
        assertTrue(more.reasons().contains("A reviewer labelled 2 cells as blasts" + rest));
        assertEquals(VerdictState.INDETERMINATE, blood.state());
        assertTrue(marrow.reasons().stream().noneMatch(reason -> reason.contains("any blast")));
    }

    @Test
    void bloodHasItsOwnRuleAndEachRuleIsPartOfItsOwnHash() {
        // Given
        VerdictPolicy own = new VerdictPolicy(
                SpecimenRule.marrow(0.25, 0.2, 50),
                new SpecimenRule(0.05, 0.05, 100, true, false),
                0.95,
                0.5,
                0.5,
                null,
                TriagePolicy.DEFAULT);
        SpecimenTally tally = Cases.tally(90, 40, GOOD);

        // When
        SpecimenVerdict blood = own.assess("PERIPHERAL_BLOOD", "CELL", tally, Review.NONE, REGIONS);
        SpecimenVerdict marrow = own.assess("BONE_MARROW", "CELL", tally, Review.NONE, REGIONS);

        // Then
        assertEquals(VerdictState.INSUFFICIENT_CELLS, blood.state());
        assertTrue(blood.reasons().contains("The threshold is 5.0 %; below 5.0 % the diagnosis is to be avoided."));
        assertEquals(marrow(tally, Review.NONE), marrow);
        assertNotEquals(
                POLICY.assess("PERIPHERAL_BLOOD", "CELL", tally, Review.NONE, REGIONS)
                        .evidenceHash(),
                blood.evidenceHash());
        assertEquals(
                VerdictState.BLASTS_BELOW_THRESHOLD,
                own.assess("PERIPHERAL_BLOOD", "CELL", Cases.tally(5000, 250, GOOD), review(0, 80), REGIONS)
                        .state());
    }

    /** A review of drawn cells, the first of them blasts. */
    private static Review review(int blasts, int labelled) {
        List<CellKey> cells = cells(500);
        ReviewFrame frame = new ReviewFrame(cells);
        List<CellKey> order = frame.drawOrder();
        return Review.of(
                labels(
                        frame,
                        labelled,
                        cell -> order.indexOf(cell) < blasts ? ReviewLabel.BLAST : ReviewLabel.NOT_BLAST),
                cells);
    }

    @Test
    void hashesOfRulesDifferInEveryPartOfARule() {
        // Given
        SpecimenTally tally = Cases.tally(60, 30, GOOD);
        List<SpecimenRule> rules = List.of(
                new SpecimenRule(0.25, 0.2, 50, false, true),
                new SpecimenRule(0.3, 0.2, 50, false, true),
                new SpecimenRule(0.25, 0.25, 50, false, true),
                new SpecimenRule(0.25, 0.2, 51, false, true),
                new SpecimenRule(0.25, 0.2, 50, true, true),
                new SpecimenRule(0.25, 0.2, 50, false, false));

        // When
        Set<String> hashes = rules.stream()
                .map(rule -> new VerdictPolicy(POLICY.marrow(), rule, 0.95, 0.5, 0.5, null, POLICY.triage())
                        .assess("PERIPHERAL_BLOOD", "CELL", tally, Review.NONE, REGIONS)
                        .evidenceHash())
                .collect(Collectors.toSet());

        // Then
        assertEquals(rules.size(), hashes.size());
    }

    @Test
    void thePeriodIsHeldAgainstTheNewestSpecimenAndAllCountWithoutOne() {
        // Given
        VerdictPolicy monthly = new VerdictPolicy(
                POLICY.marrow(), POLICY.blood(), 0.95, 0.5, 0.5, Duration.ofDays(30), POLICY.triage());
        Map<String, Registration> specimens = Map.of(
                "S-NEWEST",
                new Registration("P-1", "BONE_MARROW", "CELL", 1, NOON),
                "S-JUST",
                new Registration("P-1", "BONE_MARROW", "CELL", 1, NOON.minus(Duration.ofDays(30))),
                "S-OLD",
                new Registration(
                        "P-1",
                        "BONE_MARROW",
                        "CELL",
                        1,
                        NOON.minus(Duration.ofDays(30)).minusMillis(1)),
                "S-UNKNOWN",
                new Registration("P-1", "BONE_MARROW", "CELL", 1));

        // When
        Set<String> past = monthly.past(specimens);

        // Then
        assertEquals(Set.of("S-OLD"), past);
        assertEquals(Set.of(), POLICY.past(specimens));
        assertEquals(Set.of(), monthly.past(Map.of("S-UNKNOWN", specimens.get("S-UNKNOWN"))));
    }

    private static List<CellKey> cells(int count) {
        List<CellKey> cells = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            cells.add(new CellKey(Fingerprint.of("image " + k), new Box(0, 0, 30, 30)));
        }
        return cells;
    }

    private static List<ReviewEvent> labels(
            ReviewFrame frame, int count, java.util.function.Function<CellKey, ReviewLabel> as) {
        List<ReviewEvent> events = new ArrayList<>();
        events.add(new ReviewEvent.FrameOpened("frame", NOON, frame));
        List<CellKey> order = frame.drawOrder();
        for (int k = 0; k < count; k++) {
            events.add(label("e" + k, frame.id(), order.get(k), as.apply(order.get(k)), "ada", 1 + k));
        }
        return events;
    }

    private static ReviewEvent label(
            String id,
            @org.jspecify.annotations.Nullable String frameId,
            CellKey cell,
            ReviewLabel label,
            String reviewer,
            int second) {
        return new ReviewEvent.Labelled(id, NOON.plusSeconds(second), frameId, cell, label, reviewer);
    }
}
