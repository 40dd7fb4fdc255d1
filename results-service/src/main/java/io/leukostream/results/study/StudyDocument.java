package io.leukostream.results.study;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The study in words and tables, as Markdown. It says what came of it, whatever that is. */
final class StudyDocument {
    private static final double AIM = 0.05;
    private static final int AIM_LABELS = 30;

    private StudyDocument() {}

    static String of(Study study, Study.Outcome outcome) {
        double threshold = study.policy().marrow().threshold();
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                """
                # Operating characteristics of the verdict

                Written by `./leukostream simulate --study --seed %d --patients %d --out docs/operating-characteristics.md`; not edited by
                hand. The same seed writes the same bytes. Research use only.

                Virtual patients went through the code that the service runs, with its default policy, and were looked at after
                every cell from the %dth to the %dth, and after every label of a review up to the %dth. *False* is what is said against
                the true fraction at **any** of these looks, because people stop when they like the answer. The threshold is %s; level
                %s, of which the model's calls and a review's labels each spend a share. %s patients for each fraction: a true 5 %% is
                seen as 5 %% ± %s.

                """,
                study.seed(),
                study.patients(),
                study.policy().marrow().minimumCells(),
                VirtualPatient.CELLS,
                VirtualPatient.LABELS,
                Figures.percent(threshold),
                Figures.percent(study.policy().level()),
                String.format(Locale.ROOT, "%,d", study.patients()),
                Figures.percent(2 * Math.sqrt(0.05 * 0.95 / study.patients()))));
        text.append(shows(outcome, threshold));
        for (Study.OfPopulation population : outcome.populations()) {
            model(text, population, threshold);
        }
        review(text, outcome.review(), threshold);
        for (Study.OfPopulation population : outcome.populations()) {
            both(text, population, outcome.review(), threshold);
        }
        text.append(how(study));
        return text.toString();
    }

    private static String shows(Study.Outcome outcome, double threshold) {
        Study.OfPopulation parametric = outcome.populations().get(0);
        Study.OfPopulation resampled = outcome.populations().get(1);
        Study.OfPopulation hypothetical = outcome.populations().get(2);
        StringBuilder text = new StringBuilder("## What it shows\n\n");
        text.append("| aim | figure | |\n|---|---|---|\n");
        for (Study.OfPopulation population : List.of(parametric, resampled)) {
            double said = at(population.model(), 0, threshold).suspected();
            double withReview = at(population.both(), 0, threshold).suspected();
            aim(
                    text,
                    "false-suspected at 0 % blasts, " + population.name(),
                    String.format(
                            Locale.ROOT,
                            "MODEL %s, with REVIEW %s; naive rule %s",
                            Figures.percent(said),
                            Figures.percent(withReview),
                            Figures.percent(at(population.naive().getFirst(), 0, Study.NAIVE.getFirst())
                                    .suspected())),
                    "≤ 5 %",
                    said <= AIM && withReview <= AIM);
        }
        for (double fraction : new double[] {0, 0.02, 0.90}) {
            Figures figures = at(outcome.review(), fraction, threshold);
            aim(
                    text,
                    "random labels that decide at " + fraction(fraction) + " blasts, median",
                    figures.medianCell(),
                    "≤ " + AIM_LABELS,
                    figures.median() <= AIM_LABELS);
        }
        double worst = outcome.populations().stream()
                .flatMap(population -> List.of(population.model(), population.both()).stream())
                .flatMap(List::stream)
                .mapToDouble(looks -> Figures.of(looks, threshold).falselySaid())
                .max()
                .orElse(0);
        aim(
                text,
                "anything false, at any fraction, by MODEL, REVIEW or both",
                "at most " + Figures.percent(worst),
                "≤ 5 %",
                worst <= AIM);
        text.append('\n');
        text.append(String.format(
                Locale.ROOT,
                """
                - The **naive rule** ("at least 20 %% of the cells are called blasts", looked at after every cell) suspects a marrow without
                  blasts in %s of the drawn subjects and %s of the real ones. A higher threshold does not mend it: at 25 %% it still does
                  in %s and %s.
                - The **model alone**, with the spread that it has from subject to subject, decides %s at 50 %% blasts and %s at 90 %%
                  (drawn subjects; %s and %s of the real ones). %s
                - A **review** decides whatever the model does: of marrows with 50 %% blasts %s, with 90 %% %s, without any %s are decided
                  within %d random labels. It says nothing false of more than %s of the patients at any fraction.
                - What a **better model** would buy: one that calls 95 %% of the blasts and 97 %% of the other cells rightly on every subject,
                  give or take 1 %%, would by itself suspect %s at 50 %% blasts and %s at 90 %%, and clear %s without blasts. No such model
                  exists here; it is a hypothesis.

                """,
                suspectedByNaive(parametric, 0),
                suspectedByNaive(resampled, 0),
                suspectedByNaive(parametric, 1),
                suspectedByNaive(resampled, 1),
                power(parametric, 0.5, threshold),
                power(parametric, 0.9, threshold),
                power(resampled, 0.5, threshold),
                power(resampled, 0.9, threshold),
                decidesNobody(List.of(parametric, resampled))
                        ? "Rightly: it decides nobody, at any fraction, and its verdicts are `INDETERMINATE`."
                        : "Where it does not, its verdict is `INDETERMINATE`.",
                Figures.percent(at(outcome.review(), 0.5, threshold).power()),
                Figures.percent(at(outcome.review(), 0.9, threshold).power()),
                Figures.percent(at(outcome.review(), 0, threshold).power()),
                VirtualPatient.LABELS,
                Figures.percent(outcome.review().stream()
                        .mapToDouble(looks -> Figures.of(looks, threshold).falselySaid())
                        .max()
                        .orElse(0)),
                power(hypothetical, 0.5, threshold),
                power(hypothetical, 0.9, threshold),
                power(hypothetical, 0, threshold)));
        return text.toString();
    }

    private static void aim(StringBuilder text, String what, String figure, String aim, boolean met) {
        text.append("| ")
                .append(what)
                .append(" | ")
                .append(figure)
                .append(" | ")
                .append(aim)
                .append(met ? ", met |\n" : ", **missed** |\n");
    }

    private static String suspectedByNaive(Study.OfPopulation population, int rule) {
        return Figures.percent(
                at(population.naive().get(rule), 0, Study.NAIVE.get(rule)).suspected());
    }

    private static String power(Study.OfPopulation population, double fraction, double threshold) {
        return Figures.percent(at(population.model(), fraction, threshold).power());
    }

    private static boolean decidesNobody(List<Study.OfPopulation> populations) {
        return populations.stream()
                .flatMap(population -> population.model().stream())
                .flatMap(looks -> looks.looks().stream())
                .allMatch(new FirstLooks(FirstLooks.NEVER, FirstLooks.NEVER)::equals);
    }

    private static Figures at(List<Study.Looks> looks, double fraction, double threshold) {
        return looks.stream()
                .filter(each -> each.fraction() == fraction)
                .map(each -> Figures.of(each, threshold))
                .findFirst()
                .orElseThrow();
    }

    private static void model(StringBuilder text, Study.OfPopulation population, double threshold) {
        text.append("## MODEL alone: ").append(population.name()).append("\n\n");
        text.append("False answers are bold; each rule is held against its own threshold.\n\n");
        text.append("| true blasts |");
        for (double naive : Study.NAIVE) {
            text.append(" naive ").append(fraction(naive)).append(": suspected | below |");
        }
        text.append(" MODEL: suspected | below | cells needed, median | 90 % |\n|---|");
        text.append("---|".repeat(2 * Study.NAIVE.size() + 4)).append('\n');
        for (int k = 0; k < Study.FRACTIONS.size(); k++) {
            text.append("| ").append(fraction(Study.FRACTIONS.get(k))).append(" |");
            for (int rule = 0; rule < Study.NAIVE.size(); rule++) {
                Figures figures = Figures.of(population.naive().get(rule).get(k), Study.NAIVE.get(rule));
                text.append(' ')
                        .append(figures.suspectedCell())
                        .append(" | ")
                        .append(figures.belowCell())
                        .append(" |");
            }
            text.append(cells(Figures.of(population.model().get(k), threshold)));
        }
        text.append('\n');
    }

    private static void review(StringBuilder text, List<Study.Looks> review, double threshold) {
        text.append("## REVIEW alone: labels of cells drawn at random\n\n");
        text.append("| true blasts | suspected | below | labels needed, median | 90 % |\n|---|---|---|---|---|\n");
        for (Study.Looks looks : review) {
            text.append("| ").append(fraction(looks.fraction())).append(" |");
            text.append(cells(Figures.of(looks, threshold)));
        }
        text.append('\n');
    }

    private static void both(
            StringBuilder text, Study.OfPopulation population, List<Study.Looks> review, double threshold) {
        text.append("## MODEL and REVIEW together: ").append(population.name()).append("\n\n");
        if (population.both().equals(review)) {
            text.append("As MODEL decides nobody, this is the table of REVIEW alone, patient by patient.\n\n");
            return;
        }
        text.append("Labels needed beyond the cells; 0 where the model's calls decided.\n\n");
        text.append("| true blasts | suspected | below | labels needed, median | 90 % |\n|---|---|---|---|---|\n");
        for (Study.Looks looks : population.both()) {
            text.append("| ").append(fraction(looks.fraction())).append(" |");
            text.append(cells(Figures.of(looks, threshold)));
        }
        text.append('\n');
    }

    private static String cells(Figures figures) {
        return String.join(
                " | ",
                List.of(
                        " " + figures.suspectedCell(),
                        figures.belowCell(),
                        figures.medianCell(),
                        figures.ninetyCell() + " |\n"));
    }

    private static String fraction(double share) {
        return Math.round(100 * share) + " %";
    }

    private static String how(Study study) {
        return String.format(
                Locale.ROOT,
                """
                ## How it was done

                - A patient is a marrow of %d cells of which exactly the true fraction are blasts, in random order. *Needed* counts the cells,
                  or labels, at the first look that says what is true; *never* means that so many patients had no such look.
                - *Subjects drawn from the bundle's spread*: sensitivity and specificity of a new subject, drawn from the predictive
                  distribution that the policy itself reckons with, fitted to the subjects of `%s/%s`. This repeats the policy's own
                  assumption, so it can only show that the code keeps it.
                - *Real held-out subjects*: blasts are called as the model called those of a real ALL subject, other cells as those of a real
                  normal subject, each by machines that had not seen it; every pair of the %s is met about equally often, and is judged with the
                  error rates of all *other* subjects. Subjects with fewer than %d cells are not met. Calls are drawn again from a
                  subject's own, with replacement: a subject's data hold fewer than %d cells.
                - *A hypothetical better model*: 30 subjects of 500 cells each, 94 to 96 %% of the blasts and 96 to 98 %% of the other cells
                  called rightly; subjects drawn from that spread.
                - Calls on one patient resemble each other in runs of %d cells, so much that their variance is the bundle's design effect
                  (%.2f) times the binomial one.
                - A review draws from a frozen frame over the patient's own cells; the reader is right and labels every cell as blast or not.
                  Its level is that of a first frame.
                - MODEL and REVIEW together: the calls on all %d cells first, then the labels one by one. What is undecided after %d labels
                  counts as never decided.
                """,
                VirtualPatient.CELLS,
                study.model().bundle().name(),
                study.model().bundle().version(),
                pairs(study),
                Study.LEAST_CELLS,
                VirtualPatient.CELLS,
                VirtualPatient.RUN,
                study.model().characteristics().designEffect(),
                VirtualPatient.CELLS,
                VirtualPatient.LABELS);
    }

    private static String pairs(Study study) {
        return List.of(
                        study.model().characteristics().sensitivity(),
                        study.model().characteristics().specificity())
                .stream()
                .map(subjects -> subjects.stream()
                        .filter(each -> each.total() >= Study.LEAST_CELLS)
                        .count())
                .map(String::valueOf)
                .collect(Collectors.joining(" by "));
    }
}
