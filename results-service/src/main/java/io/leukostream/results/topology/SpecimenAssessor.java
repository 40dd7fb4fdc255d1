package io.leukostream.results.topology;

import io.leukostream.events.CellReview;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.Review;
import io.leukostream.results.domain.SpecimenTally;
import io.leukostream.results.domain.SubjectRegions;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.topology.SpecimenAssessment.Counts;
import io.leukostream.results.topology.SpecimenAssessment.FrameProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns a specimen's sums, and its reviews where it has any, into its verdict, and sends what changed to its patient. A
 * specimen that nobody registered waits.
 *
 * <p>After the start it looks through all specimens, a few at a time: those that were assessed by another policy, or whose
 * sums are of other rules, are assessed anew, however quiet they are.
 */
final class SpecimenAssessor implements Processor<String, Long, String, PatientInput> {
    private static final Logger LOG = Logger.getLogger(SpecimenAssessor.class);

    /** How often it goes on looking, and at how many: outcomes go on in between. */
    private static final Duration BETWEEN_SLICES = Duration.ofMillis(100);

    private static final int SLICE = 25;

    private final VerdictPolicy policy;
    private final SubjectRegions regions;
    private final TopologyObserver observer;
    private ProcessorContext<String, PatientInput> context;
    private SpecimenTallies tallies;
    private KeyValueStore<String, SpecimenAssessment> assessments;
    private KeyValueStore<String, ReviewEntry> reviews;
    private Cancellable looking;
    private @Nullable String lookedAt;
    private long looked;
    private long renewed;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    SpecimenAssessor(VerdictPolicy policy, SubjectRegions regions, TopologyObserver observer) {
        this.policy = policy;
        this.regions = regions;
        this.observer = observer;
    }

    @Override
    public void init(ProcessorContext<String, PatientInput> context) {
        this.context = context;
        this.tallies = new SpecimenTallies(context.getStateStore(Stores.TALLIES), context.getStateStore(Stores.IMAGES));
        this.assessments = context.getStateStore(Stores.ASSESSMENTS);
        this.reviews = context.getStateStore(Stores.REVIEWS);
        this.looking = context.schedule(BETWEEN_SLICES, PunctuationType.WALL_CLOCK_TIME, this::lookOn);
        observer.toReassess(context.taskId().partition(), tallies.size());
    }

    @Override
    public void close() {
        // Another instance goes on with them.
        observer.toReassess(context.taskId().partition(), 0);
    }

    @Override
    public void process(Record<String, Long> record) {
        assess(record.key(), record.timestamp());
    }

    /** Looks at the next few specimens. */
    private void lookOn(long wallClockMillis) {
        List<String> older = new ArrayList<>();
        int seen = 0;
        try (var next = tallies.after(lookedAt)) {
            while (seen < SLICE && next.hasNext()) {
                var entry = next.next();
                seen++;
                lookedAt = entry.key;
                SpecimenSums sums = entry.value.value();
                Registration registration = sums.registration();
                if (registration != null && !(sums.isCurrent() && isByToday(entry.key, registration.specimenType()))) {
                    older.add(entry.key);
                }
            }
        }
        older.forEach(specimenId -> assess(specimenId, wallClockMillis));
        looked += seen;
        renewed += older.size();
        if (seen == SLICE) {
            observer.toReassess(context.taskId().partition(), Math.max(1, tallies.size() - looked));
            return;
        }
        looking.cancel();
        observer.toReassess(context.taskId().partition(), 0);
        if (renewed > 0) {
            LOG.infof(
                    "Assessed %d specimens anew that were assessed by another policy or other rules, partition %d",
                    renewed, context.taskId().partition());
        }
    }

    private boolean isByToday(String specimenId, String specimenType) {
        SpecimenAssessment assessment = assessments.get(specimenId);
        return assessment != null && policy.words(specimenType).equals(assessment.policy());
    }

    private void assess(String specimenId, long timestamp) {
        SpecimenSums sums = tallies.sums(specimenId);
        Registration registration = sums == null ? null : sums.registration();
        if (sums == null || registration == null) {
            return;
        }
        Review review = sums.reviewEvents() == 0 ? Review.NONE : review(specimenId, registration, timestamp);
        SpecimenAssessment before = assessments.get(specimenId);
        SpecimenAssessment assessment = assess(specimenId, registration, sums.tally(), review, timestamp)
                .after(before);
        if (before != null && before.policy() == null && assessment.saysTheSameAs(before.by(assessment.policy()))) {
            // A version before kept no policy. Nothing happened to the patient, so that the time stays.
            assessment = before.by(assessment.policy());
        }
        if (assessment.saysTheSameAs(before)) {
            return;
        }
        assessments.put(specimenId, assessment);
        if (before == null || !before.registration().patientId().equals(registration.patientId())) {
            Registration.Assignment assignment = registration.assignment();
            for (String former : sums.formerPatients()) {
                forward(
                        former,
                        new PatientInput.Moved(
                                specimenId, registration.patientId(), assignment == null ? null : assignment.by()),
                        timestamp);
            }
        }
        forward(registration.patientId(), new PatientInput.Assessed(assessment), timestamp);
    }

    private void forward(String patientId, PatientInput input, long timestamp) {
        context.forward(new Record<>(patientId, input, timestamp));
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
                policy.triage(registration.specimenType(), registration.kind(), tally, regions),
                policy.rule(registration.specimenType()).threshold(),
                policy.words(registration.specimenType()),
                tally.modelLabels(),
                progress(registration.specimenType(), review),
                tally.doubtful(),
                tally.types(),
                Instant.ofEpochMilli(timestamp),
                false,
                false);
    }

    private @Nullable FrameProgress progress(String specimenType, Review review) {
        return review.current()
                .map(sequence -> FrameProgress.of(specimenType, sequence, policy))
                .orElse(null);
    }

    /** Reads the specimen's reviews, and sends those that are not in the patient's audit yet. */
    private Review review(String specimenId, Registration registration, long timestamp) {
        List<KeyValue<String, ReviewEntry>> entries = new ArrayList<>();
        try (KeyValueIterator<String, ReviewEntry> found =
                reviews.prefixScan(specimenId + ".", new StringSerializer())) {
            found.forEachRemaining(entries::add);
        }
        for (KeyValue<String, ReviewEntry> entry : entries) {
            if (!entry.value.audited()) {
                reviews.put(entry.key, new ReviewEntry(entry.value.event(), true));
                forward(registration.patientId(), forAudit(entry.value.event()), timestamp);
            }
        }
        return ReviewReading.of(
                        tallies.images(specimenId),
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
