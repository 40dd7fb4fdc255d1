package io.leukostream.results.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.AlertLoop;
import io.leukostream.results.domain.AuditLink;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Keeps each patient's verdict, alerts and audit, and writes every step of them once. The only writer of alerts. */
final class PatientKeeper implements Processor<String, PatientInput, String, PatientOutput> {
    private static final String ITSELF = "leukostream";

    private final VerdictPolicy policy;
    private final AlertLoop loop;
    private final Duration escalationCheck;
    private ProcessorContext<String, PatientOutput> context;
    private KeyValueStore<String, PatientState> patients;
    private KeyValueStore<String, Alert> alerts;
    private KeyValueStore<String, Long> due;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else.
    PatientKeeper(VerdictPolicy policy, AlertLoop loop, Duration escalationCheck) {
        this.policy = policy;
        this.loop = loop;
        this.escalationCheck = escalationCheck;
    }

    @Override
    public void init(ProcessorContext<String, PatientOutput> context) {
        this.context = context;
        this.patients = context.getStateStore(Stores.PATIENTS);
        this.alerts = context.getStateStore(Stores.ALERTS);
        this.due = context.getStateStore(Stores.DUE);
        context.schedule(escalationCheck, PunctuationType.WALL_CLOCK_TIME, this::escalate);
    }

    @Override
    public void process(Record<String, PatientInput> record) {
        String patientId = record.key();
        Instant at = Instant.ofEpochMilli(record.timestamp());
        PatientState stored = patients.get(patientId);
        PatientState patient = stored == null ? PatientState.of(patientId) : stored;
        PatientState after = switch (record.value()) {
            case PatientInput.Assessed(var assessment) ->
                judged(patient, patient.with(assessment, policy), assessment.specimenId(), at);
            case PatientInput.Moved(var specimenId) ->
                patient.specimens().containsKey(specimenId)
                        ? judged(patient, patient.without(specimenId, at, policy), specimenId, at)
                        : patient;
            case PatientInput.Reviewed review ->
                audited(
                        patient,
                        review.event().equals("FRAME_OPENED") ? "FRAME_OPENED" : "CELL_REVIEWED",
                        review.reviewer(),
                        review,
                        review.at(),
                        at);
            case PatientInput.Acknowledged read -> {
                Alert alert = alerts.get(read.alertId());
                yield alert == null || !alert.patientId().equals(patientId)
                        ? patient
                        : stepped(
                                patient,
                                loop.onAcknowledgement(
                                        alert, read.by(), read.readBackPatientId(), read.readBackState(), read.at()),
                                read.by(),
                                at);
            }
            case PatientInput.Delivered delivered -> {
                Alert alert = alerts.get(delivered.alertId());
                yield alert == null
                                || !alert.patientId().equals(patientId)
                                || !delivered.alertState().equals(Alert.State.RAISED.name())
                                || !delivered.status().equals("DELIVERED")
                        ? patient
                        : stepped(patient, loop.onDelivery(alert, delivered.channel(), delivered.at()), ITSELF, at);
            }
        };
        if (!after.equals(patient)) {
            patients.put(patientId, after);
        }
    }

    private PatientState judged(PatientState before, PatientState after, String specimenId, Instant at) {
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
        after.specimens()
                .forEach((id, assessment) -> standings.put(
                        id,
                        new AlertLoop.Standing(
                                assessment.verdict().state(),
                                assessment.verdict().reviewDecision())));
        Alert last = patient.lastAlert() == 0
                ? null
                : alerts.get(EventRecords.alertId(patient.patientId(), patient.lastAlert()));
        return stepped(
                patient, loop.onVerdict(patient.patientId(), last, standings, after.evidenceHash(), at), ITSELF, at);
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
                if (alert.awaitsAcknowledgement() && !alert.escalated()) {
                    due.put(alert.id(), alert.dueAt().toEpochMilli());
                } else {
                    due.delete(alert.id());
                }
                var event = EventRecords.alert(alert);
                forward(patient.patientId(), new PatientOutput.AlertStep(event), at);
                Map<String, @Nullable Object> step = new LinkedHashMap<>();
                step.put("alertId", alert.id());
                step.put("verdictState", alert.verdictState());
                step.put("evidenceHash", alert.evidenceHash());
                step.put("acknowledgedBy", alert.acknowledgedBy());
                step.put("reason", alert.reason());
                yield audited(
                        patient.withAlert(alert.number()),
                        "ALERT_" + alert.state().name(),
                        actor,
                        step,
                        alert.updatedAt(),
                        at);
            }
        };
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
        forward(patient.patientId(), new PatientOutput.Audit(EventRecords.audit(link)), at);
        return patient.with(link);
    }

    /** Takes the step of every alert whose time has passed. */
    private void escalate(long wallClockMillis) {
        Instant now = Instant.ofEpochMilli(wallClockMillis);
        TreeSet<String> overdue = new TreeSet<>();
        try (KeyValueIterator<String, Long> all = due.all()) {
            while (all.hasNext()) {
                KeyValue<String, Long> next = all.next();
                if (next.value <= wallClockMillis) {
                    overdue.add(next.key);
                }
            }
        }
        for (String alertId : overdue) {
            Alert alert = alerts.get(alertId);
            PatientState patient = patients.get(alert.patientId());
            patients.put(alert.patientId(), stepped(patient, loop.onTime(alert, now), ITSELF, now));
        }
    }

    private void forward(String patientId, PatientOutput output, Instant at) {
        context.forward(new Record<>(patientId, output, at.toEpochMilli()));
    }
}
