package io.leukostream.results.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The verdict on every subject of the shipped model's data, by the real policy: the subject's cells as called by a model
 * that never saw it, corrected by the error rates of all other subjects. {@code docs/subject-verdicts.md} holds it; run
 * with the environment variable {@code LEUKOSTREAM_WRITE_DOCUMENTS=true} after a new evaluation to write it anew.
 */
class SubjectVerdictsTest {
    private static final Path EVALUATION = Path.of("..", "training", "evaluation.json");
    private static final Path DOCUMENT = Path.of("..", "docs", "subject-verdicts.md");
    private static final VerdictPolicy POLICY = VerdictPolicy.DEFAULT;

    private record Subject(String name, boolean blasts, SubjectCalls calls) {
        int calledBlast() {
            return blasts ? calls.correct() : calls.total() - calls.correct();
        }
    }

    private record Judged(Subject subject, SpecimenVerdict verdict) {}

    @Test
    void theDocumentHoldsTheVerdictOnEverySubject() throws IOException {
        // Given
        JsonNode evaluation = new ObjectMapper().readTree(EVALUATION.toFile());
        List<Subject> subjects = new ArrayList<>(subjects(evaluation, "sensitivity", true));
        subjects.addAll(subjects(evaluation, "specificity", false));
        double designEffect = Math.max(
                evaluation.at("/designEffects/BLAST/value").asDouble(),
                evaluation.at("/designEffects/NORMAL/value").asDouble());

        // When
        List<Judged> judged = subjects.parallelStream()
                .map(subject -> new Judged(subject, verdict(subject, subjects, designEffect)))
                .toList();

        // Then
        String document = document(judged);
        if (Boolean.parseBoolean(System.getenv("LEUKOSTREAM_WRITE_DOCUMENTS"))) {
            Files.writeString(DOCUMENT, document);
        }
        assertEquals(Files.readString(DOCUMENT), document);
        assertTrue(
                judged.stream()
                        .noneMatch(each ->
                                !each.subject().blasts() && each.verdict().state() == VerdictState.BLASTS_SUSPECTED),
                "a normal subject is suspected");
    }

    private static List<Subject> subjects(JsonNode evaluation, String rates, boolean blasts) {
        List<Subject> subjects = new ArrayList<>();
        for (JsonNode row : evaluation.get(rates)) {
            subjects.add(new Subject(
                    row.get("subject").asText(),
                    blasts,
                    new SubjectCalls(
                            row.get("correct").asInt(), row.get("total").asInt())));
        }
        return subjects;
    }

    private static SpecimenVerdict verdict(Subject subject, List<Subject> all, double designEffect) {
        OperatingCharacteristics others = new OperatingCharacteristics(
                calls(all, subject, true), calls(all, subject, false), Math.max(1, designEffect));
        SpecimenTally tally = Cases.tally(
                subject.calls().total(), subject.calledBlast(), new ModelBundle("shipped", "1.0.0", "aa", others));
        return POLICY.assess("BONE_MARROW", "CELL", tally, Review.NONE, new SubjectRegions());
    }

    private static List<SubjectCalls> calls(List<Subject> all, Subject but, boolean blasts) {
        return all.stream()
                .filter(other -> !other.equals(but) && other.blasts() == blasts)
                .map(Subject::calls)
                .toList();
    }

    private static String document(List<Judged> judged) {
        StringBuilder text = new StringBuilder("""
                # The verdict on each subject, by the model alone

                Written by `SubjectVerdictsTest` of results-service from `training/evaluation.json`; not edited by hand. Each subject's
                cells are called by machines, a calibration and a threshold that never saw it, and the fraction is corrected with the error
                rates of all *other* subjects, by the verdict policy as the service runs it. All cells of an ALL subject carry the label of
                blasts, so its true fraction is taken as 1, a normal subject's as 0; the sample has at most 150 cells of a subject number.

                """);
        for (boolean blasts : new boolean[] {true, false}) {
            Map<VerdictState, Integer> states = new EnumMap<>(VerdictState.class);
            judged.stream()
                    .filter(each -> each.subject().blasts() == blasts)
                    .forEach(each -> states.merge(each.verdict().state(), 1, Integer::sum));
            text.append("- ")
                    .append(blasts ? "ALL" : "normal")
                    .append(" subjects: ")
                    .append(states.entrySet().stream()
                            .map(entry -> entry.getValue() + " `" + entry.getKey() + "`")
                            .collect(Collectors.joining(", ")))
                    .append(".\n");
        }
        text.append(
                "\n| subject | truth | cells | called blast | apparent | interval (MODEL, both error shares) | verdict |\n");
        text.append("|---|---|---|---|---|---|---|\n");
        for (Judged each : judged) {
            Subject subject = each.subject();
            BlastFraction fraction = each.verdict().fraction();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %.1f %% | %s | `%s` |\n",
                    subject.name(),
                    subject.blasts() ? "ALL" : "normal",
                    subject.calls().total(),
                    subject.calledBlast(),
                    100.0 * subject.calledBlast() / subject.calls().total(),
                    fraction == null
                            ? "–"
                            : String.format(
                                    Locale.ROOT,
                                    "%.1f–%.1f %%",
                                    100 * fraction.interval().lower(),
                                    100 * fraction.interval().upper()),
                    each.verdict().state()));
        }
        return text.toString();
    }
}
