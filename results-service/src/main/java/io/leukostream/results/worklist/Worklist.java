package io.leukostream.results.worklist;

import io.leukostream.events.AlertEvent;
import io.leukostream.events.PatientVerdict;
import io.leukostream.results.domain.Alert;
import io.leukostream.results.domain.Triage;
import io.leukostream.results.domain.VerdictState;
import io.leukostream.results.topology.StoresNotReady;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All patients by who is to be looked at first and all alerts by urgency, kept in order as verdicts and steps come in. One thread tells it,
 * many may ask. Until it has been told everything that was there at the start, every question throws
 * {@link StoresNotReady}.
 */
public final class Worklist {
    /** The alert that is due first on top, then those that nobody waits for, newest first. */
    private static final Comparator<Alert> URGENCY = Comparator.comparing(Alert::awaitsAcknowledgement)
            .reversed()
            .thenComparing((left, right) -> left.awaitsAcknowledgement()
                    ? left.dueAt().compareTo(right.dueAt())
                    : right.updatedAt().compareTo(left.updatedAt()))
            .thenComparing(Alert::patientId)
            .thenComparingInt(Alert::number);

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, PatientSummary> patients = new HashMap<>();
    private final NavigableSet<PatientSummary> inOrder = new TreeSet<>(PatientSummary.ORDER);
    private final Map<VerdictState, Integer> counts = new EnumMap<>(VerdictState.class);
    private final Map<String, TreeMap<Integer, Alert>> alerts = new HashMap<>();
    private final NavigableSet<Alert> byUrgency = new TreeSet<>(URGENCY);
    private volatile boolean complete;

    /** A verdict was reached; one without specimens takes the patient off the list. */
    void told(PatientVerdict verdict) {
        PatientSummary after = verdict.getSpecimens().isEmpty() ? null : PatientSummary.of(verdict);
        lock.writeLock().lock();
        try {
            PatientSummary before = after == null
                    ? patients.remove(verdict.getPatientId())
                    : patients.put(verdict.getPatientId(), after);
            if (before != null) {
                inOrder.remove(before);
                counts.merge(before.state(), -1, Integer::sum);
            }
            if (after != null) {
                inOrder.add(after);
                counts.merge(after.state(), 1, Integer::sum);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** An alert took a step. */
    void told(AlertEvent step) {
        lock.writeLock().lock();
        try {
            TreeMap<Integer, Alert> ofPatient = alerts.get(step.getPatientId());
            Alert before = ofPatient == null ? null : ofPatient.get(step.getNumber());
            Alert after = after(before, step);
            alerts.computeIfAbsent(after.patientId(), _ -> new TreeMap<>()).put(after.number(), after);
            if (before != null) {
                byUrgency.remove(before);
            }
            byUrgency.add(after);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** An alert as its steps tell it; which specimens were suspected they do not say, nor which rung comes next. */
    private static Alert after(@Nullable Alert before, AlertEvent step) {
        Alert.State state = Alert.State.valueOf(step.getState());
        return new Alert(
                Alert.Kind.valueOf(step.getKind()),
                step.getPatientId(),
                step.getNumber(),
                state,
                VerdictState.valueOf(step.getVerdictState()),
                step.getEvidenceHash(),
                step.getRaisedAt(),
                step.getDueAt(),
                state == Alert.State.ESCALATED || step.getRung() > 0 || (before != null && before.escalated()),
                step.getAcknowledgedBy(),
                state == Alert.State.ACKNOWLEDGED ? step.getAt() : before == null ? null : before.acknowledgedAt(),
                step.getReason(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                null,
                step.getAt(),
                new Alert.Course(step.getRung(), null, step.getClosedBy(), List.of()));
    }

    /** Everything that was there at the start has been told. */
    void completed() {
        complete = true;
    }

    /** Whether it can be asked. */
    public boolean complete() {
        return complete;
    }

    /**
     * A part of the patients, those to be looked at first on top.
     *
     * @param state only those in this state; null for all
     * @param level only those of this level; null for all
     * @param fragment only those whose code, or a specimen's, holds this; empty for all
     * @param skipped how many are left out before
     * @param most how many at most
     */
    public List<PatientSummary> patients(
            @Nullable VerdictState state, Triage.@Nullable Level level, String fragment, long skipped, int most) {
        return asked(() -> inOrder.stream()
                .filter(patient -> state == null || patient.state() == state)
                .filter(patient -> level == null || patient.level() == level)
                .filter(patient -> fragment.isEmpty() || patient.holds(fragment))
                .skip(skipped)
                .limit(most)
                .toList());
    }

    /** How many patients are in each state; a state that nobody is in may be left out. */
    public Map<VerdictState, Integer> counts() {
        return asked(() -> new EnumMap<>(counts));
    }

    /** The newest alert of a patient, where it still goes on. */
    public Optional<Alert> openAlert(String patientId) {
        return asked(() -> Optional.ofNullable(alerts.get(patientId))
                .map(ofPatient -> ofPatient.lastEntry().getValue())
                .filter(Alert::open));
    }

    /**
     * A part of the alerts, the one that is due first on top, then those that nobody waits for, newest first.
     *
     * @param state only those in this state; null for all
     * @param skipped how many are left out before
     * @param most how many at most
     */
    public List<Alert> alerts(Alert.@Nullable State state, long skipped, int most) {
        return asked(() -> {
            Stream<Alert> shown = byUrgency.stream().filter(alert -> state == null || alert.state() == state);
            return shown.skip(skipped).limit(most).toList();
        });
    }

    private <T> T asked(Supplier<T> question) {
        if (!complete) {
            throw new StoresNotReady("the worklist is being read in");
        }
        lock.readLock().lock();
        try {
            return question.get();
        } finally {
            lock.readLock().unlock();
        }
    }
}
