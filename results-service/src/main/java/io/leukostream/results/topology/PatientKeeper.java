package io.leukostream.results.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.leukostream.results.audit.SiteKey;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.DeliveryAttempt;
import io.leukostream.results.domain.DeliveryHistory;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.SignedLink;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each patient's verdict, alerts and audit, and writes every step of them once. The only writer of alerts.
 *
 * <p>Two clocks: when an alert is due follows from the event time of the record that raised it; the wall clock, which
 * Streams passes to a check, takes its rungs. A check leaves a rung alone while the task still reads records from before
 * the rung's time, since the acknowledgement may be the next of them: until a record of a later time was read, or nothing
 * was read for one check, and no longer than {@link #PATIENCE}. So an alert that came due while nothing ran escalates at
 * the second check, once.
 */
final class PatientKeeper implements Processor<String, PatientInput, String, PatientOutput> {
    /** How long a rung waits at most for records from before its time, from that time or from the first check on. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Logger LOG = Logger.getLogger(PatientKeeper.class);
    private static final String ITSELF = "leukostream";

    private final VerdictPolicy policy;
    private final AlertLoop loop;
    private final Duration escalationCheck;
    private final SiteKey siteKey;
    private ProcessorContext<String, PatientOutput> context;
    private KeyValueStore<String, PatientState> patients;
    private KeyValueStore<String, Alert> alerts;
    private KeyValueStore<String, Long> due;
    private KeyValueStore<String, EarlyActs> early;
    private KeyValueStore<String, DeliveryHistory> deliveries;
    private @Nullable Instant firstCheck;
    private @Nullable Instant lastReadSinceCheck;
    private KeyValueStore<String, SignedLink> audit;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    PatientKeeper(VerdictPolicy policy, AlertLoop loop, Duration escalationCheck, SiteKey siteKey) {
        this.policy = policy;
        this.loop = loop;
        this.escalationCheck = escalationCheck;
        this.siteKey = siteKey;
    }

    @Override
    public void init(ProcessorContext<String, PatientOutput> context) {
        this.context = context;
        this.patients = context.getStateStore(Stores.PATIENTS);
        this.alerts = context.getStateStore(Stores.ALERTS);
        this.due = context.getStateStore(Stores.DUE);
        this.early = context.getStateStore(Stores.EARLY);
        this.deliveries = context.getStateStore(Stores.DELIVERIES);
        this.audit = context.getStateStore(Stores.AUDIT);
        context.schedule(escalationCheck, PunctuationType.WALL_CLOCK_TIME, this::escalate);
    }

    @Override
    public void process(Record<String, PatientInput> record) {
        String patientId = record.key();
        Instant at = Instant.ofEpochMilli(record.timestamp());
        lastReadSinceCheck = at;
        PatientState stored = patients.get(patientId);
        PatientState patient = stored == null ? PatientState.of(patientId) : stored;
        PatientState after = switch (record.value()) {
            case PatientInput.Assessed(var assessment) -> assessed(patient, assessment, at);
            case PatientInput.Moved moved -> moved(patient, moved, at);
            case PatientInput.Reviewed review ->
                audited(
                        patient,
                        review.event().equals("FRAME_OPENED") ? "FRAME_OPENED" : "CELL_REVIEWED",
                        review.reviewer(),
                        review,
                        review.at(),
                        at);
            case PatientInput.Acknowledged read -> acted(patient, read.alertId(), read, at);
            case PatientInput.Closed closed -> acted(patient, closed.alertId(), closed, at);
            case PatientInput.Delivered delivered -> delivered(patient, delivered, at);
        };
        if (!after.equals(patient)) {
            patients.put(patientId, after);
        }
    }

    private PatientState assessed(PatientState patient, SpecimenAssessment assessment, Instant at) {
        String specimenId = assessment.specimenId();
        Registration.Assignment assignment = assessment.registration().assignment();
        SpecimenAssessment before = patient.specimens().get(specimenId);
        if (assignment == null || before != null) {
            PatientState told = before == null ? patient : policyAudited(patient, before, assessment, at);
            return judged(told, told.with(assessment, policy), specimenId, null, at);
        }
        Map<String, @Nullable Object> arrival = new LinkedHashMap<>();
        arrival.put("specimenId", specimenId);
        arrival.put("from", assignment.from());
        arrival.put("version", assessment.registration().version());
        String by = assignment.by() == null ? ITSELF : assignment.by();
        PatientState told = audited(patient, "SPECIMEN_ASSIGNED", by, arrival, at, at);
        told = stepped(told, loop.onArrival(lastAlert(told), assessment.standing(), at), ITSELF, at);
        return judged(told, told.with(assessment, policy), specimenId, null, at);
    }

    /** Notes that a specimen is held to another policy than before; of a version that kept none, nothing is known. */
    private PatientState policyAudited(
            PatientState patient, SpecimenAssessment before, SpecimenAssessment now, Instant at) {
        if (before.policy() == null || before.policy().equals(now.policy())) {
            return patient;
        }
        Map<String, @Nullable Object> change = new LinkedHashMap<>();
        change.put("specimenId", now.specimenId());
        change.put("policyBefore", before.policy());
        change.put("policy", now.policy());
        change.put("evidenceHashBefore", before.verdict().evidenceHash());
        change.put("evidenceHash", now.verdict().evidenceHash());
        return audited(patient, "POLICY_CHANGED", ITSELF, change, at, at);
    }

    private PatientState moved(PatientState patient, PatientInput.Moved moved, Instant at) {
        PatientState after = patient.without(moved.specimenId(), moved.to(), at, policy);
        if (patient.specimens().containsKey(moved.specimenId())) {
            Map<String, @Nullable Object> departure = new LinkedHashMap<>();
            departure.put("specimenId", moved.specimenId());
            departure.put("to", moved.to());
            String by = moved.by() == null ? ITSELF : moved.by();
            PatientState told = audited(patient, "SPECIMEN_REASSIGNED", by, departure, at, at);
            return judged(
                    told, told.without(moved.specimenId(), moved.to(), at, policy), moved.specimenId(), moved.to(), at);
        }
        if (moved.to() == null || Objects.equals(after.mergedInto(), patient.mergedInto())) {
            return patient;
        }
        // It left before this was kept, or went on from where it was moved to: the old code has to say where.
        forward(after.patientId(), new PatientOutput.Verdict(EventRecords.verdict(after)), at);
        return after;
    }

    private PatientState acted(PatientState patient, String alertId, PatientInput act, Instant at) {
        if (!isOf(patient, alertId)) {
            return patient;
        }
        Alert alert = alerts.get(alertId);
        if (alert == null) {
            EarlyActs before = early.get(alertId);
            early.put(alertId, (before == null ? EarlyActs.NONE : before).with(act));
            return patient;
        }
        return switch (act) {
            case PatientInput.Acknowledged read ->
                stepped(
                        patient,
                        loop.onAcknowledgement(
                                alert, read.by(), read.readBackPatientId(), read.readBackState(), read.at()),
                        read.by(),
                        at);
            case PatientInput.Closed closed ->
                stepped(patient, loop.onClosure(alert, closed.by(), closed.note(), closed.at()), closed.by(), at);
            default -> throw new IllegalArgumentException("no act of a person: " + act);
        };
    }

    private static boolean isOf(PatientState patient, String alertId) {
        return alertId.startsWith(patient.patientId() + ".");
    }

    private PatientState delivered(PatientState patient, PatientInput.Delivered delivered, Instant at) {
        String alertId = delivered.alertId();
        Alert alert = isOf(patient, alertId) ? alerts.get(alertId) : null;
        if (alert == null) {
            return patient;
        }
        DeliveryAttempt attempt = delivered.attempt();
        DeliveryHistory before = deliveries.get(alertId);
        deliveries.put(alertId, (before == null ? DeliveryHistory.EMPTY : before).with(attempt));
        boolean told = attempt.delivered() && attempt.state().equals(Alert.State.RAISED.name());
        String by = attempt.name() == null ? attempt.channel() : attempt.name();
        return told ? stepped(patient, loop.onDelivery(alert, by, attempt.at()), ITSELF, at) : patient;
    }

    private PatientState judged(
            PatientState before, PatientState after, String specimenId, @Nullable String movedTo, Instant at) {
        forward(after.patientId(), new PatientOutput.Verdict(EventRecords.verdict(after)), at);
        PatientState patient = after;
        VerdictState specimenBefore = stateOf(before, specimenId);
        VerdictState specimenAfter = stateOf(after, specimenId);
        if (specimenBefore != specimenAfter || before.state() != after.state()) {
            Map<String, @Nullable Object> change = new LinkedHashMap<>();
            change.put("specimenId", specimenId);
            change.put("specimenStateBefore", specimenBefore);
            change.put("specimenState", specimenAfter);
            change.put("stateBefore", before.state());
            change.put("state", after.state());
            change.put("evidenceHash", after.evidenceHash());
            patient = audited(patient, "VERDICT_CHANGED", ITSELF, change, at, at);
        }
        // An alert is a latch: what raised it holds it, however old the specimen is.
        Map<String, AlertLoop.Standing> standings = new TreeMap<>();
        after.specimens().forEach((id, assessment) -> standings.put(id, assessment.standing()));
        AlertLoop.Result result;
        do {
            // What ends one alert may raise the next.
            result = loop.onVerdict(
                    patient.patientId(), lastAlert(patient), standings, after.evidenceHash(), movedTo, at);
            patient = stepped(patient, result, ITSELF, at);
        } while (result instanceof AlertLoop.Result.Step);
        return patient;
    }

    private @Nullable Alert lastAlert(PatientState patient) {
        return patient.lastAlert() == 0
                ? null
                : alerts.get(EventRecords.alertId(patient.patientId(), patient.lastAlert()));
    }

    private static @Nullable VerdictState stateOf(PatientState patient, String specimenId) {
        SpecimenAssessment assessment = patient.specimens().get(specimenId);
        return assessment == null ? null : assessment.verdict().state();
    }

    private PatientState stepped(PatientState patient, AlertLoop.Result result, String actor, Instant at) {
        return switch (result) {
            case AlertLoop.Result.Unchanged() -> patient;
            case AlertLoop.Result.Remembered(Alert alert) -> {
                alerts.put(alert.id(), alert);
                yield patient;
            }
            case AlertLoop.Result.Step(Alert alert) -> {
                alerts.put(alert.id(), alert);
                watch(alert);
                var event = EventRecords.alert(alert);
                forward(patient.patientId(), new PatientOutput.AlertStep(event), at);
                Map<String, @Nullable Object> step = new LinkedHashMap<>();
                step.put("alertId", alert.id());
                step.put("verdictState", alert.verdictState());
                step.put("evidenceHash", alert.evidenceHash());
                step.put("acknowledgedBy", alert.acknowledgedBy());
                step.put("reason", alert.reason());
                PatientState told = audited(
                        patient.withAlert(alert.number()),
                        "ALERT_" + alert.state().name(),
                        actor,
                        step,
                        alert.updatedAt(),
                        at);
                yield alert.state() == Alert.State.RAISED ? caughtUp(told, alert, at) : told;
            }
        };
    }

    /** Lets what people did about an alert before it was raised here follow; nobody acts before there is an alert. */
    private PatientState caughtUp(PatientState patient, Alert alert, Instant at) {
        EarlyActs waiting = early.get(alert.id());
        if (waiting == null) {
            return patient;
        }
        early.delete(alert.id());
        PatientState after = patient;
        for (PatientInput act : waiting.acts()) {
            Instant acted = act instanceof PatientInput.Acknowledged read
                    ? read.at()
                    : act instanceof PatientInput.Closed closed ? closed.at() : at;
            if (!acted.isBefore(alert.raisedAt())) {
                after = acted(after, alert.id(), act, at);
            }
        }
        return after;
    }

    private void watch(Alert alert) {
        Instant next = loop.nextRungAt(alert);
        if (next == null) {
            due.delete(alert.id());
        } else {
            due.put(alert.id(), next.toEpochMilli());
        }
    }

    private PatientState audited(
            PatientState patient, String event, String actor, Object detail, Instant happenedAt, Instant at) {
        String json;
        try {
            json = JsonSerde.MAPPER.writeValueAsString(detail);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an audited event can always be written as JSON", e);
        }
        AuditLink link = new AuditLink(
                patient.patientId(),
                patient.lastLink() + 1,
                event,
                actor,
                json,
                happenedAt.truncatedTo(ChronoUnit.MILLIS),
                patient.lastHash());
        SignedLink signed = siteKey.sign(link);
        audit.put(Stores.auditKey(patient.patientId(), link.number()), signed);
        forward(patient.patientId(), new PatientOutput.Audit(EventRecords.audit(signed)), at);
        return patient.with(link);
    }

    /** Takes the rungs whose time has passed. */
    private void escalate(long wallClockMillis) {
        Instant now = Instant.ofEpochMilli(wallClockMillis);
        Instant lastRead = lastReadSinceCheck;
        lastReadSinceCheck = null;
        if (firstCheck == null) {
            // What came while nothing ran has had no time to be read.
            firstCheck = now;
            return;
        }
        TreeSet<String> overdue = new TreeSet<>();
        try (KeyValueIterator<String, Long> all = due.all()) {
            while (all.hasNext()) {
                KeyValue<String, Long> next = all.next();
                Instant at = Instant.ofEpochMilli(next.value);
                if (!now.isBefore(at) && !behind(lastRead, at, firstCheck, now)) {
                    overdue.add(next.key);
                }
            }
        }
        overdue.forEach(alertId -> escalate(alertId, now));
    }

    private static boolean behind(@Nullable Instant lastRead, Instant due, Instant firstCheck, Instant now) {
        Instant from = due.isAfter(firstCheck) ? due : firstCheck;
        return lastRead != null && lastRead.isBefore(due) && now.isBefore(from.plus(PATIENCE));
    }

    private void escalate(String alertId, Instant now) {
        Alert alert = alerts.get(alertId);
        PatientState patient = alert == null ? null : patients.get(alert.patientId());
        if (alert == null || patient == null) {
            LOG.errorf("An alert that is due is not there or nobody's: it is due no more");
            due.delete(alertId);
            return;
        }
        while (loop.onTime(alert, now) instanceof AlertLoop.Result.Step step) {
            patient = stepped(patient, step, ITSELF, now);
            alert = step.alert();
        }
        patients.put(alert.patientId(), patient);
        // The ladder may have become shorter since the time was noted.
        watch(alert);
    }

    private void forward(String patientId, PatientOutput output, Instant at) {
        context.forward(new Record<>(patientId, output, at.toEpochMilli()));
    }
}
