package io.leukostream.results.topology;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.Review;
import io.leukostream.results.domain.SpecimenTally;
import io.leukostream.results.domain.SubjectRegions;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.topology.SpecimenAssessment.Counts;
import io.leukostream.results.topology.SpecimenAssessment.FrameProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Turns a specimen's sums, and its reviews where it has any, into its verdict, and sends what changed to its patient. A
 * specimen that nobody registered waits.
 */
final class SpecimenAssessor implements Processor<String, SpecimenSums, String, PatientInput> {
    private final VerdictPolicy policy;
    private final SubjectRegions regions;
    private ProcessorContext<String, PatientInput> context;
    private KeyValueStore<String, SpecimenAssessment> assessments;
    private KeyValueStore<String, ImageEntry> images;
    private KeyValueStore<String, ReviewEntry> reviews;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    SpecimenAssessor(VerdictPolicy policy, SubjectRegions regions) {
        this.policy = policy;
        this.regions = regions;
    }

    @Override
    public void init(ProcessorContext<String, PatientInput> context) {
        this.context = context;
        this.assessments = context.getStateStore(Stores.ASSESSMENTS);
        this.images = context.getStateStore(Stores.IMAGES);
        this.reviews = context.getStateStore(Stores.REVIEWS);
    }

    @Override
    public void process(Record<String, SpecimenSums> record) {
        String specimenId = record.key();
        SpecimenSums sums = record.value();
        Registration registration = sums.registration();
        if (registration == null) {
            return;
        }
        Review review = sums.reviewEvents() == 0 ? Review.NONE : review(record, registration);
        SpecimenAssessment before = assessments.get(specimenId);
        SpecimenAssessment assessment = assess(specimenId, registration, sums.tally(), review, record.timestamp())
                .after(before);
        if (assessment.saysTheSameAs(before)) {
            return;
        }
        assessments.put(specimenId, assessment);
        if (before == null || !before.registration().patientId().equals(registration.patientId())) {
            Registration.Assignment assignment = registration.assignment();
            for (String former : sums.formerPatients()) {
                context.forward(record.withKey(former)
                        .withValue(new PatientInput.Moved(
                                specimenId, registration.patientId(), assignment == null ? null : assignment.by())));
            }
        }
        context.forward(record.withKey(registration.patientId()).withValue(new PatientInput.Assessed(assessment)));
    }

    private SpecimenAssessment assess(
            String specimenId, Registration registration, SpecimenTally tally, Review review, long timestamp) {
        return new SpecimenAssessment(
                specimenId,
                registration,
                new Counts(
                        tally.received(),
                        tally.classified(),
                        tally.rejected(),
                        tally.pending(),
                        tally.counted(),
                        tally.calledBlast(),
                        tally.gated()),
                policy.assess(registration.specimenType(), registration.kind(), tally, review, regions),
                policy.rule(registration.specimenType()).threshold(),
                tally.modelLabels(),
                progress(registration.specimenType(), review),
                tally.doubtful(),
                tally.types(),
                Instant.ofEpochMilli(timestamp),
                false);
    }

    private @Nullable FrameProgress progress(String specimenType, Review review) {
        return review.current()
                .map(sequence -> FrameProgress.of(specimenType, sequence, policy))
                .orElse(null);
    }

    /** Reads the specimen's reviews, and sends those that are not in the patient's audit yet. */
    private Review review(Record<String, SpecimenSums> record, Registration registration) {
        String prefix = record.key() + ".";
        List<KeyValue<String, ReviewEntry>> entries = new ArrayList<>();
        try (KeyValueIterator<String, ReviewEntry> found = reviews.prefixScan(prefix, new StringSerializer())) {
            found.forEachRemaining(entries::add);
        }
        for (KeyValue<String, ReviewEntry> entry : entries) {
            if (!entry.value.audited()) {
                reviews.put(entry.key, new ReviewEntry(entry.value.event(), true));
                context.forward(record.withKey(registration.patientId()).withValue(forAudit(entry.value.event())));
            }
        }
        Map<String, ImageEntry> ofSpecimen = new HashMap<>();
        try (KeyValueIterator<String, ImageEntry> found = images.prefixScan(prefix, new StringSerializer())) {
            found.forEachRemaining(entry -> ofSpecimen.put(entry.key, entry.value));
        }
        return ReviewReading.of(
                        ofSpecimen,
                        entries.stream().map(entry -> entry.value.event()).toList())
                .review();
    }

    private static PatientInput forAudit(CellReview event) {
        return new PatientInput.Reviewed(
                event.getEventId(),
                event.getSpecimenId(),
                event.getEvent(),
                event.getFrameId(),
                event.getCellId(),
                event.getOldLabel(),
                event.getNewLabel(),
                event.getReviewer(),
                event.getAt());
    }
}
