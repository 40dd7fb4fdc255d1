package io.leukostream.results.study;

import io.leukostream.results.domain.ModelBundle;
import io.leukostream.results.domain.OperatingCharacteristics;
import io.leukostream.results.domain.SubjectCalls;
import io.leukostream.results.domain.SubjectRegions;
import io.leukostream.results.domain.VerdictPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * Virtual patients, judged at every look by the policy as the service runs it, and by the naive rule beside it. The same
 * seed gives the same figures, however many threads there are: each patient has a seed of its own.
 *
 * @param patients for each fraction of blasts
 */
record Study(VerdictPolicy policy, ModelFile model, int patients, long seed) {
    /** True fractions of blasts. */
    static final List<Double> FRACTIONS = List.of(0.0, 0.02, 0.05, 0.20, 0.25, 0.50, 0.90);
    /** The thresholds of the naive rule. */
    static final List<Double> NAIVE = List.of(0.20, 0.25);
    /** A subject with fewer cells has no rate that could be drawn from. */
    static final int LEAST_CELLS = 20;

    Study {
        if (patients < 1) {
            throw new IllegalArgumentException("a study needs patients, not " + patients);
        }
    }

    /** What came of it. */
    record Outcome(List<Looks> review, List<OfPopulation> populations) {}

    /**
     * The looks at all patients of one true fraction, by one rule.
     *
     * @param looks one for each patient
     */
    record Looks(double fraction, List<FirstLooks> looks) {}

    /**
     * What came of the patients of one population; each list has the fractions in their order.
     *
     * @param naive for each threshold of the naive rule
     * @param both cells and labels together: the looks are numbers of labels beyond the cells
     */
    record OfPopulation(String name, List<List<Looks>> naive, List<Looks> model, List<Looks> both) {}

    /** A hypothetical model that calls 95 % of the blasts and 97 % of the other cells rightly, nearly alike on all. */
    static OperatingCharacteristics hypothetical(double designEffect) {
        return new OperatingCharacteristics(alike(475), alike(485), designEffect);
    }

    private static List<SubjectCalls> alike(int correct) {
        List<SubjectCalls> subjects = new ArrayList<>();
        for (int k = 0; k < 30; k++) {
            subjects.add(new SubjectCalls(correct + 5 * (k % 3 - 1), 500));
        }
        return subjects;
    }

    /** Runs it, and tells the share that is done. */
    Outcome run(DoubleConsumer progress) {
        SubjectPopulation parametric = SubjectPopulation.parametric(
                "subjects drawn from the bundle's spread", model.bundle(), model.characteristics());
        SubjectPopulation resampled = SubjectPopulation.resampled(
                "real held-out subjects", model.bundle(), model.characteristics(), LEAST_CELLS, seed);
        OperatingCharacteristics alike = hypothetical(model.characteristics().designEffect());
        SubjectPopulation better = SubjectPopulation.parametric(
                "a hypothetical better model", new ModelBundle("hypothetical", "0.0.0", "hypothetical", alike), alike);
        List<SubjectPopulation> populations = List.of(parametric, resampled, better);

        int parts = FRACTIONS.size()
                + populations.stream().mapToInt(each -> each.groups().size()).sum();
        AtomicInteger done = new AtomicInteger();
        Runnable part = () -> progress.accept((double) done.incrementAndGet() / parts);
        ReviewLooks byLabels = new ReviewLooks(policy);
        List<List<Reviewed>> reviewed = FRACTIONS.parallelStream()
                .map(fraction -> {
                    List<Reviewed> all = IntStream.range(0, patients)
                            .mapToObj(number -> reviewed(fraction, number, byLabels))
                            .toList();
                    part.run();
                    return all;
                })
                .toList();
        SubjectRegions regions = new SubjectRegions();
        List<OfPopulation> outcomes = new ArrayList<>();
        for (SubjectPopulation population : populations) {
            outcomes.add(judged(population, outcomes.size(), reviewed, regions, part));
        }
        List<Looks> review = perFraction(
                (fraction, number) -> reviewed.get(fraction).get(number).looks());
        return new Outcome(review, outcomes);
    }

    /** A patient with the looks at the labels. */
    private record Reviewed(VirtualPatient patient, FirstLooks looks) {}

    private Reviewed reviewed(double fraction, int number, ReviewLooks byLabels) {
        VirtualPatient patient =
                VirtualPatient.of(fraction, random("patient", (int) Math.round(fraction * 100), number));
        int[] blasts = patient.labelledBlast();
        return new Reviewed(
                patient, FirstLooks.over(1, VirtualPatient.LABELS, labels -> byLabels.state(labels, blasts[labels])));
    }

    /** The looks at the cells of one patient, by each rule. */
    private record Called(List<FirstLooks> naive, FirstLooks model) {}

    private OfPopulation judged(
            SubjectPopulation population,
            int place,
            List<List<Reviewed>> reviewed,
            SubjectRegions regions,
            Runnable part) {
        int groups = population.groups().size();
        Called[][] called = new Called[FRACTIONS.size()][patients];
        IntStream.range(0, groups).parallel().forEach(group -> {
            SubjectPopulation.Group judgedBy = population.groups().get(group);
            ModelLooks looks = new ModelLooks(policy, regions, judgedBy.bundle());
            for (int fraction = 0; fraction < FRACTIONS.size(); fraction++) {
                for (int number = group; number < patients; number += groups) {
                    SplittableRandom random = random("calls " + place, fraction, number);
                    called[fraction][number] = called(
                            reviewed.get(fraction).get(number).patient(),
                            judgedBy.subjects().draw(random),
                            judgedBy.designEffect(),
                            looks,
                            random);
                }
            }
            part.run();
        });
        return new OfPopulation(
                population.name(),
                IntStream.range(0, NAIVE.size())
                        .mapToObj(rule -> perFraction((fraction, number) ->
                                called[fraction][number].naive().get(rule)))
                        .toList(),
                perFraction((fraction, number) -> called[fraction][number].model()),
                perFraction((fraction, number) -> called[fraction][number]
                        .model()
                        .thenBy(reviewed.get(fraction).get(number).looks())));
    }

    private Called called(
            VirtualPatient patient,
            SubjectPopulation.Rates rates,
            double designEffect,
            ModelLooks looks,
            SplittableRandom random) {
        int[] blasts = patient.calledBlast(rates, designEffect, random);
        int from = policy.marrow().minimumCells();
        return new Called(
                NAIVE.stream()
                        .map(NaiveRule::new)
                        .map(rule ->
                                FirstLooks.over(from, VirtualPatient.CELLS, cells -> rule.state(cells, blasts[cells])))
                        .toList(),
                FirstLooks.over(from, VirtualPatient.CELLS, cells -> looks.state(cells, blasts[cells])));
    }

    private interface OfPatient {
        FirstLooks looks(int fraction, int number);
    }

    private List<Looks> perFraction(OfPatient of) {
        return IntStream.range(0, FRACTIONS.size())
                .mapToObj(fraction -> new Looks(
                        FRACTIONS.get(fraction),
                        IntStream.range(0, patients)
                                .mapToObj(number -> of.looks(fraction, number))
                                .toList()))
                .toList();
    }

    private SplittableRandom random(String purpose, int fraction, int number) {
        long mixed = seed;
        for (long part : new long[] {purpose.hashCode(), fraction, number}) {
            mixed = new SplittableRandom(mixed + part).nextLong();
        }
        return new SplittableRandom(mixed);
    }
}
