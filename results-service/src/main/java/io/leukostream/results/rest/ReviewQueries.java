package io.leukostream.results.rest;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.DoubleReading;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.Review;
import io.leukostream.results.domain.Review.Sequence;
import io.leukostream.results.domain.ReviewCourse;
import io.leukostream.results.domain.SpecimenRule;
import io.leukostream.results.domain.SpecimenType;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.topology.ResultsStores;
import io.leukostream.results.topology.ReviewReading;
import io.leukostream.results.topology.SpecimenAssessment.FrameProgress;
import io.leukostream.results.topology.SpecimenSums;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What can be asked of a specimen's review; empty where nothing is known of the specimen. */
@ApplicationScoped
public class ReviewQueries {
    private final ResultsStores stores;
    private final VerdictPolicy policy;

    /** Asks these stores, and judges by this policy. */
    public ReviewQueries(ResultsStores stores, VerdictPolicy policy) {
        this.stores = stores;
        this.policy = policy;
    }

    /** The review of a specimen, as far as its labels are read. */
    public Optional<ReviewJson> review(String specimenId) {
        SpecimenSums sums = stores.sums(specimenId);
        if (sums == null) {
            return Optional.empty();
        }
        Registration registration = sums.registration();
        String specimenType = registration == null ? SpecimenType.BONE_MARROW : registration.specimenType();
        SpecimenRule rule = policy.rule(specimenType);
        List<CellReview> events = stores.reviews(specimenId);
        ReviewReading reading = ReviewReading.of(events.isEmpty() ? Map.of() : stores.images(specimenId), events);
        Review review = reading.review();
        Sequence sequence = review.current().orElse(null);
        return Optional.of(new ReviewJson(
                specimenId,
                rule.threshold(),
                rule.avoidBelow(),
                policy.level(),
                sequence == null ? null : Views.frame(FrameProgress.of(specimenType, sequence, policy)),
                sequence == null && !review.sequences().isEmpty(),
                sequence == null
                        ? List.of()
                        : ReviewCourse.of(sequence, reading.events(), policy.reviewAlpha()).steps().stream()
                                .map(step -> new ReviewJson.Step(
                                        step.labelled(),
                                        step.blasts(),
                                        step.interval().lower(),
                                        step.interval().upper()))
                                .toList(),
                sequence == null ? List.of() : readers(sequence, reading),
                sequence == null
                        ? List.of()
                        : DoubleReading.of(sequence, reading.events()).stream()
                                .map(twice -> twoReaders(twice, reading))
                                .toList(),
                history(events)));
    }

    private static List<ReviewJson.Reader> readers(Sequence sequence, ReviewReading reading) {
        return Review.labelsStanding(sequence.frame(), reading.events()).entrySet().stream()
                .map(entry -> new ReviewJson.Reader(
                        entry.getKey(), entry.getValue(), entry.getKey().equals(sequence.primaryReader())))
                .sorted(Comparator.comparing(ReviewJson.Reader::primary)
                        .reversed()
                        .thenComparing(ReviewJson.Reader::name))
                .toList();
    }

    private static ReviewJson.TwoReaders twoReaders(DoubleReading twice, ReviewReading reading) {
        return new ReviewJson.TwoReaders(
                twice.primary(),
                twice.second(),
                twice.cells(),
                twice.agreed(),
                twice.kappa(),
                twice.disagreements().stream()
                        .map(each -> {
                            String cellId = reading.cellId(each.cell());
                            return new ReviewJson.Disagreement(
                                    cellId,
                                    Views.cropUrl(cellId),
                                    each.primary().name(),
                                    each.second().name());
                        })
                        .toList());
    }

    private static List<ReviewJson.Event> history(List<CellReview> events) {
        return events.stream()
                .filter(event -> event.getCellId() != null)
                .sorted(Comparator.comparing(CellReview::getAt)
                        .thenComparing(CellReview::getEventId)
                        .reversed())
                .map(event -> new ReviewJson.Event(
                        event.getEventId(),
                        event.getEvent(),
                        Objects.requireNonNull(event.getCellId()),
                        event.getFrameId() != null,
                        event.getOldLabel(),
                        event.getNewLabel(),
                        event.getReviewer(),
                        event.getAt()))
                .toList();
    }
}
