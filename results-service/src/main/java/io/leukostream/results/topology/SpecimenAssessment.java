package io.leukostream.results.topology;

import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.Interval;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.Review;
import io.leukostream.results.domain.SpecimenVerdict;
import io.leukostream.results.domain.Triage;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A specimen's verdict with the counts that are shown beside it.
 *
 * @param triage who is to be looked at first; null of a version before that did not rank
 * @param policy the policy that it was assessed by, in words; null of a version before it was kept
 * @param models {@code name/version} of the bundles at work, sorted
 * @param frame how far the review is; null where no frame covers all cells
 * @param doubtful counted cells that a person should look at
 * @param types counted cells by the type that the model gave them, those without one left out
 * @param at event time of the evidence that led to it
 * @param suspicion whether it was suspected and has not been cleared since; it goes with the specimen to another patient
 * @param urgency whether it was urgent, nobody having looked, and that has not been withdrawn since; goes along likewise
 */
public record SpecimenAssessment(
        String specimenId,
        Registration registration,
        Counts counts,
        SpecimenVerdict verdict,
        @Nullable Triage triage,
        double threshold,
        @Nullable String policy,
        List<String> models,
        @Nullable FrameProgress frame,
        int doubtful,
        SortedMap<String, Integer> types,
        Instant at,
        boolean suspicion,
        boolean urgency) {
    public SpecimenAssessment {
        models = List.copyOf(models);
        // An assessment that was stored before types were kept has none.
        types = types == null ? new TreeMap<>() : new TreeMap<>(types);
    }

    /** Images and cells, each counted once. */
    public record Counts(
            int received, int classified, int rejected, int pending, int counted, int calledBlast, int gated) {}

    /** The review of the newest frame that covers every cell. */
    public record FrameProgress(
            String frameId,
            int cells,
            int drawn,
            int labelled,
            int blasts,
            @Nullable String primaryReader,
            double lower,
            double upper,
            SpecimenVerdict.ReviewDecision decision) {
        /** How far a sequence of a specimen of this type is, and what it decides by this policy. */
        public static FrameProgress of(String specimenType, Review.Sequence sequence, VerdictPolicy policy) {
            Interval interval = sequence.interval(policy.reviewAlpha()).outward();
            return new FrameProgress(
                    sequence.frame().id(),
                    sequence.frame().size(),
                    sequence.drawn(),
                    sequence.labelled(),
                    sequence.blasts(),
                    sequence.primaryReader(),
                    interval.lower(),
                    interval.upper(),
                    policy.decision(specimenType, sequence));
        }
    }

    /** What an alert looks at. */
    AlertLoop.Standing standing() {
        return new AlertLoop.Standing(
                verdict.state(), verdict.reviewDecision(), suspicion, triage == null ? null : triage.level(), urgency);
    }

    /** The same, with the suspicion and the urgency that are left from before. */
    SpecimenAssessment after(@Nullable SpecimenAssessment before) {
        boolean urgent = standing().urgentNow()
                || (before != null && before.urgency && !standing().withdrawn());
        boolean left = before != null && (before.suspicion || before.verdict.state() == VerdictState.BLASTS_SUSPECTED);
        boolean suspected = verdict.state() == VerdictState.BLASTS_SUSPECTED;
        return new SpecimenAssessment(
                specimenId,
                registration,
                counts,
                verdict,
                triage,
                threshold,
                policy,
                models,
                frame,
                doubtful,
                types,
                at,
                suspected || (left && !standing().cleared()),
                urgent);
    }

    /** The same by a policy that a version before did not keep. */
    SpecimenAssessment by(@Nullable String words) {
        return new SpecimenAssessment(
                specimenId,
                registration,
                counts,
                verdict,
                triage,
                threshold,
                words,
                models,
                frame,
                doubtful,
                types,
                at,
                suspicion,
                urgency);
    }

    /** Whether the other says the same, the time apart. */
    boolean saysTheSameAs(@Nullable SpecimenAssessment other) {
        return other != null
                && equals(new SpecimenAssessment(
                        other.specimenId,
                        other.registration,
                        other.counts,
                        other.verdict,
                        other.triage,
                        other.threshold,
                        other.policy,
                        other.models,
                        other.frame,
                        other.doubtful,
                        other.types,
                        at,
                        other.suspicion,
                        other.urgency));
    }
}
