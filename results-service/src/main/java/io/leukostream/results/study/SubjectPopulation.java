package io.leukostream.results.study;

import io.leukostream.results.domain.ModelBundle;
import io.leukostream.results.domain.OperatingCharacteristics;
import io.leukostream.results.domain.SubjectCalls;
import io.leukostream.results.domain.SubjectRate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a model does from subject to subject, as virtual patients meet it.
 *
 * @param name in words
 * @param groups each with the bundle that its patients are judged by; the i-th patient is of the i-th group, and round again
 */
record SubjectPopulation(String name, List<Group> groups) {
    SubjectPopulation {
        groups = List.copyOf(groups);
    }

    /** How often a subject's blasts, and its other cells, are called rightly. */
    record Rates(double sensitivity, double specificity) {}

    /** Where a subject's rates come from. */
    interface Subjects {
        /** The rates of one new subject. */
        Rates draw(RandomGenerator random);
    }

    /** Patients that are judged by the same bundle. */
    record Group(ModelBundle bundle, double designEffect, Subjects subjects) {}

    /** Subjects drawn from the spread that the policy itself reckons with: one group. */
    static SubjectPopulation parametric(String name, ModelBundle bundle, OperatingCharacteristics characteristics) {
        SubjectRate sensitivity = new SubjectRate(characteristics.sensitivity());
        SubjectRate specificity = new SubjectRate(characteristics.specificity());
        return new SubjectPopulation(
                name,
                List.of(new Group(
                        bundle,
                        characteristics.designEffect(),
                        random -> new Rates(sensitivity.draw(random), specificity.draw(random)))));
    }

    /**
     * Real subjects, each as the model did on it when it had not seen it: a group for each pair of a subject with blasts
     * and one without, judged by a bundle whose characteristics know neither. The groups are in the order of a seed.
     *
     * @param leastCells subjects with fewer are in the characteristics of the others, and are not met themselves
     */
    static SubjectPopulation resampled(
            String name, ModelBundle bundle, OperatingCharacteristics characteristics, int leastCells, long seed) {
        List<Group> groups = new ArrayList<>();
        for (int withBlasts : met(characteristics.sensitivity(), leastCells)) {
            for (int without : met(characteristics.specificity(), leastCells)) {
                Rates rates = new Rates(
                        rate(characteristics.sensitivity().get(withBlasts)),
                        rate(characteristics.specificity().get(without)));
                OperatingCharacteristics others = new OperatingCharacteristics(
                        but(characteristics.sensitivity(), withBlasts),
                        but(characteristics.specificity(), without),
                        characteristics.designEffect());
                groups.add(new Group(
                        new ModelBundle(bundle.name(), bundle.version(), bundle.sha256(), others),
                        characteristics.designEffect(),
                        _ -> rates));
            }
        }
        Collections.shuffle(groups, new Random(seed));
        return new SubjectPopulation(name, groups);
    }

    private static List<Integer> met(List<SubjectCalls> subjects, int leastCells) {
        return IntStream.range(0, subjects.size())
                .filter(k -> subjects.get(k).total() >= leastCells)
                .boxed()
                .collect(Collectors.toList());
    }

    private static double rate(SubjectCalls calls) {
        return (double) calls.correct() / calls.total();
    }

    private static List<SubjectCalls> but(List<SubjectCalls> subjects, int left) {
        List<SubjectCalls> others = new ArrayList<>(subjects);
        others.remove(left);
        return others;
    }
}
