package io.leukostream.results.shadow;

import io.leukostream.events.CellReview;
import io.leukostream.events.ClassifiedCell;
import io.leukostream.events.ImageClassified;
import io.leukostream.results.domain.BlastFraction;
import io.leukostream.results.domain.Registration;
import io.leukostream.results.domain.SpecimenTally;
import io.leukostream.results.domain.SpecimenVerdict;
import io.leukostream.results.domain.SubjectRegions;
import io.leukostream.results.domain.VerdictPolicy;
import io.leukostream.results.domain.VerdictState;
import io.leukostream.results.topology.ImageEntry;
import io.leukostream.results.topology.ReviewReading;
import io.leukostream.results.topology.SpecimenSums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts by the bundle that serves and by another, on the same images, with the same policy and the same reviews. A
 * patient of whom the other bundle has not seen every image that was read is not compared but named.
 */
public final class ShadowComparison {
    private final VerdictPolicy policy;
    private final SubjectRegions regions = new SubjectRegions();

    /** Compares by this policy. */
    public ShadowComparison(VerdictPolicy policy) {
        this.policy = policy;
    }

    /** What is known of a specimen: its sums, its images by id, of which the sums are, and its review events. */
    public record Specimen(String id, SpecimenSums sums, Map<String, ImageEntry> images, List<CellReview> reviews) {}

    /** A specimen by both bundles; fractions of cells called BLAST, null where none was counted. */
    public record SpecimenPair(
            String specimenId,
            VerdictState state,
            VerdictState shadowState,
            int counted,
            int shadowCounted,
            @Nullable Double apparent,
            @Nullable Double shadowApparent) {}

    /** A patient whose verdict would be another. */
    public record Differing(
            String patientId, VerdictState state, VerdictState shadowState, List<SpecimenPair> specimens) {}

    /** A patient of whom images are missing. */
    public record NotCompared(String patientId, int images, int withoutShadow) {}

    /**
     * What came of it.
     *
     * @param cells found by both bundles in the same box
     * @param calledDifferently those among them that one calls BLAST and the other does not
     */
    public record Result(
            int patientsCompared,
            List<Differing> differing,
            List<NotCompared> notCompared,
            int cells,
            int calledDifferently) {}

    private record Judged(
            Registration registration,
            SpecimenPair pair,
            int images,
            int withoutShadow,
            int cells,
            int calledDifferently) {}

    /** A comparison that goes on, a part of the specimens at a time. */
    public final class Running {
        private final Map<String, List<Judged>> patients = new TreeMap<>();

        private Running() {}

        /** Judges further specimens by the shadow's outcomes of their images, by image id. */
        public void add(Stream<Specimen> specimens, Map<String, ImageClassified> shadow) {
            specimens.forEach(specimen -> {
                Registration registration = specimen.sums().registration();
                if (registration != null) {
                    patients.computeIfAbsent(registration.patientId(), _ -> new ArrayList<>())
                            .add(judged(specimen, registration, shadow));
                }
            });
        }

        /** What came of all of them. */
        public Result result() {
            return compared(patients);
        }
    }

    /** Begins a comparison. */
    public Running begin() {
        return new Running();
    }

    private Result compared(Map<String, List<Judged>> patients) {
        List<Differing> differing = new ArrayList<>();
        List<NotCompared> notCompared = new ArrayList<>();
        int compared = 0;
        int cells = 0;
        int calledDifferently = 0;
        for (Map.Entry<String, List<Judged>> patient : patients.entrySet()) {
            int images = patient.getValue().stream().mapToInt(Judged::images).sum();
            int without =
                    patient.getValue().stream().mapToInt(Judged::withoutShadow).sum();
            if (images == 0) {
                continue;
            }
            if (without > 0) {
                notCompared.add(new NotCompared(patient.getKey(), images, without));
                continue;
            }
            compared++;
            cells += patient.getValue().stream().mapToInt(Judged::cells).sum();
            calledDifferently += patient.getValue().stream()
                    .mapToInt(Judged::calledDifferently)
                    .sum();
            Set<String> past = policy.past(patient.getValue().stream()
                    .collect(Collectors.toMap(each -> each.pair().specimenId(), Judged::registration)));
            List<Judged> counting = patient.getValue().stream()
                    .filter(each -> !past.contains(each.pair().specimenId()))
                    .toList();
            VerdictState state = mostSevere(counting, SpecimenPair::state);
            VerdictState shadowState = mostSevere(counting, SpecimenPair::shadowState);
            if (state != shadowState) {
                differing.add(new Differing(
                        patient.getKey(),
                        state,
                        shadowState,
                        patient.getValue().stream().map(Judged::pair).toList()));
            }
        }
        return new Result(compared, differing, notCompared, cells, calledDifferently);
    }

    private static VerdictState mostSevere(List<Judged> specimens, Function<SpecimenPair, VerdictState> state) {
        return VerdictState.mostSevere(
                specimens.stream().map(each -> state.apply(each.pair())).toList());
    }

    private Judged judged(Specimen specimen, Registration registration, Map<String, ImageClassified> shadow) {
        Map<String, ImageEntry> replaced = new HashMap<>();
        int read = 0;
        int without = 0;
        int cells = 0;
        int calledDifferently = 0;
        for (Map.Entry<String, ImageEntry> image : specimen.images().entrySet()) {
            ImageEntry entry = image.getValue();
            ImageClassified serving = entry.classified();
            ImageClassified other = shadow.get(image.getKey());
            if (serving == null) {
                replaced.put(image.getKey(), entry);
                continue;
            }
            read++;
            if (other == null) {
                without++;
                continue;
            }
            replaced.put(image.getKey(), new ImageEntry(entry.receipt(), other, null));
            Map<String, String> labels = other.getCells().stream()
                    .collect(Collectors.toMap(ClassifiedCell::getCellId, ClassifiedCell::getLabel, (a, b) -> a));
            for (ClassifiedCell cell : serving.getCells()) {
                String label = labels.get(cell.getCellId());
                cells += label == null ? 0 : 1;
                calledDifferently += label == null || label.equals(cell.getLabel()) ? 0 : 1;
            }
        }
        SpecimenTally tally = specimen.sums().tally();
        SpecimenTally shadowTally = ImageEntry.tally(replaced.values());
        SpecimenVerdict now = verdict(registration, tally, ReviewReading.of(specimen.images(), specimen.reviews()));
        SpecimenVerdict then = verdict(registration, shadowTally, ReviewReading.of(replaced, specimen.reviews()));
        SpecimenPair pair = new SpecimenPair(
                specimen.id(),
                now.state(),
                then.state(),
                tally.counted(),
                shadowTally.counted(),
                apparent(now),
                apparent(then));
        return new Judged(registration, pair, read, without, cells, calledDifferently);
    }

    private SpecimenVerdict verdict(Registration registration, SpecimenTally tally, ReviewReading reviews) {
        return policy.assess(registration.specimenType(), registration.kind(), tally, reviews.review(), regions);
    }

    private static @Nullable Double apparent(SpecimenVerdict verdict) {
        BlastFraction fraction = verdict.fraction();
        return fraction == null ? null : fraction.apparent();
    }
}
