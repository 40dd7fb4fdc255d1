package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.leukostream.results.domain.Triage.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The triage of every reference subject of the shipped bundle, left out of the references, with a look after each cell: its
 * cells as called by a model that never saw it, in random orders.
 */
class TriageOnSubjectsTest {
    private static final Path MODELS = Path.of("..", "inference-service", "models", "leukostream-cells");
    private static final TriagePolicy POLICY = TriagePolicy.DEFAULT;
    private static final int ORDERS = 20;
    private static final int ENOUGH_CELLS = 50;

    private record Subject(String name, boolean leukaemic, List<Boolean> called) {
        SubjectCalls calls() {
            int blasts = (int) called.stream().filter(each -> each).count();
            return new SubjectCalls(leukaemic ? blasts : called.size() - blasts, called.size());
        }
    }

    /** How often a subject was ever of a level, and after how many cells for the first time, over the orders. */
    private record Course(Subject subject, int urgent, int routine, List<Integer> cellsUntilUrgent) {}

    @Test
    void moreThanFourInFiveLeukaemicSubjectsBecomeUrgentAndAtMostOneNormalOne() throws IOException {
        // Given
        JsonNode model = new ObjectMapper().readTree(newest().toFile());
        double threshold = model.at("/calls/CELL/operatingThreshold").asDouble();
        double designEffect = model.at("/validations/0/designEffect").asDouble();
        List<Subject> subjects = subjects(model, threshold);
        assertEquals(42, subjects.size());

        // When
        List<Course> courses = subjects.stream()
                .filter(subject -> subject.called().size() >= ENOUGH_CELLS)
                .map(subject -> course(subject, subjects, designEffect))
                .toList();

        // Then
        List<Course> leukaemic =
                courses.stream().filter(each -> each.subject().leukaemic()).toList();
        List<Course> normal =
                courses.stream().filter(each -> !each.subject().leukaemic()).toList();
        double urgent = share(leukaemic.stream().map(Course::urgent).toList());
        List<Integer> cells = leukaemic.stream()
                .flatMap(each -> each.cellsUntilUrgent().stream())
                .sorted()
                .toList();
        int median = cells.get(cells.size() / 2);
        List<String> alarms = normal.stream()
                .filter(each -> each.urgent() > 0)
                .map(each -> each.subject().name() + " in " + each.urgent() + " of " + ORDERS)
                .toList();
        System.out.printf(
                "Triage, each subject left out: %d ALL subjects of at least %d cells URGENT in %.1f %% of orders, after %d"
                        + " cells (median); normal ones %s; ALL ever ROUTINE %.1f %%, normal %.1f %%%n",
                leukaemic.size(),
                ENOUGH_CELLS,
                100 * urgent,
                median,
                alarms,
                100 * share(leukaemic.stream().map(Course::routine).toList()),
                100 * share(normal.stream().map(Course::routine).toList()));
        assertEquals(24, leukaemic.size());
        assertTrue(urgent >= 0.85, "ALL subjects that become URGENT: " + urgent);
        assertTrue(median <= 40, "cells until then: " + median);
        assertTrue(alarms.size() <= 1, "normal subjects that become URGENT: " + alarms);
        assertTrue(
                share(leukaemic.stream().map(Course::routine).toList()) <= POLICY.missRate(),
                "ALL subjects that ever become ROUTINE");
    }

    private static double share(List<Integer> orders) {
        return (double) orders.stream().mapToInt(Integer::intValue).sum() / (orders.size() * ORDERS);
    }

    private static Path newest() throws IOException {
        try (Stream<Path> versions = Files.list(MODELS)) {
            return versions.max((a, b) -> ModelBundle.BY_VERSION.compare(
                            a.getFileName().toString(), b.getFileName().toString()))
                    .orElseThrow()
                    .resolve("model.json");
        }
    }

    private static List<Subject> subjects(JsonNode model, double threshold) {
        List<Subject> subjects = new ArrayList<>();
        for (JsonNode subject : model.at("/reference/0/subjects")) {
            List<Boolean> called = new ArrayList<>();
            subject.get("probabilities").forEach(each -> called.add(each.asDouble() >= threshold));
            subjects.add(new Subject(
                    subject.get("subject").asText(),
                    subject.get("truth").asText().equals("LEUKAEMIC"),
                    called));
        }
        return subjects;
    }

    private static Course course(Subject subject, List<Subject> all, double designEffect) {
        OperatingCharacteristics others =
                new OperatingCharacteristics(calls(all, subject, true), calls(all, subject, false), designEffect);
        Random random = new Random(subject.name().hashCode());
        int urgent = 0;
        int routine = 0;
        List<Integer> until = new ArrayList<>();
        List<Boolean> cells = new ArrayList<>(subject.called());
        for (int order = 0; order < ORDERS; order++) {
            Collections.shuffle(cells, random);
            int blasts = 0;
            boolean wasUrgent = false;
            boolean wasRoutine = false;
            for (int k = 1; k <= cells.size(); k++) {
                blasts += cells.get(k - 1) ? 1 : 0;
                Level level = k < POLICY.minimumCells() ? Level.UNRANKED : POLICY.level(blasts, k, others);
                if (level == Level.URGENT && !wasUrgent) {
                    wasUrgent = true;
                    until.add(k);
                }
                wasRoutine |= level == Level.ROUTINE;
            }
            urgent += wasUrgent ? 1 : 0;
            routine += wasRoutine ? 1 : 0;
        }
        return new Course(subject, urgent, routine, until);
    }

    private static List<SubjectCalls> calls(List<Subject> all, Subject but, boolean leukaemic) {
        return all.stream()
                .filter(other -> !other.name().equals(but.name()) && other.leukaemic() == leukaemic)
                .map(Subject::calls)
                .toList();
    }
}
