package io.leukostream.results.domain;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Evidence for tests. */
final class Cases {
    private Cases() {}

    /** A model that did nearly the same on each of thirty subjects. */
    static OperatingCharacteristics steady(double sensitivity, double specificity) {
        List<SubjectCalls> right = new ArrayList<>();
        List<SubjectCalls> normal = new ArrayList<>();
        for (int subject = 0; subject < 30; subject++) {
            int wobble = subject % 3 - 1;
            right.add(new SubjectCalls((int) Math.round(sensitivity * 500) + 5 * wobble, 500));
            normal.add(new SubjectCalls((int) Math.round(specificity * 500) + 5 * wobble, 500));
        }
        return new OperatingCharacteristics(right, normal, 1.5);
    }

    static ModelBundle bundle(String version, @Nullable OperatingCharacteristics characteristics) {
        return new ModelBundle("test", version, Fingerprint.of(version), characteristics);
    }

    static ImageOutcome.Classified oneCell(int number, boolean blast, ModelBundle bundle) {
        return new ImageOutcome.Classified(
                1,
                Fingerprint.of("image " + number),
                bundle,
                List.of(new CellCall(new Box(0, 0, 30, 30), blast, blast ? 9000 : 1000, null)));
    }

    /** A specimen of single cells, the first of them blasts. */
    static SpecimenTally tally(int cells, int blasts, ModelBundle bundle) {
        SpecimenTally tally = SpecimenTally.EMPTY;
        for (int k = 0; k < cells; k++) {
            tally = tally.replace(ImageState.UNKNOWN, ImageState.UNKNOWN.withOutcome(oneCell(k, k < blasts, bundle)));
        }
        return tally;
    }

    private static ImageOutcome.Origin origin(Random random) {
        return new ImageOutcome.Origin(
                random.nextBoolean() ? "scanner-" + random.nextInt(2) : null,
                LocalDate.of(2026, 11, 20 + random.nextInt(3)));
    }

    static ImageOutcome random(Random random, String content, List<ModelBundle> bundles) {
        int attempt = 1 + random.nextInt(2);
        ModelBundle bundle = bundles.get(random.nextInt(bundles.size()));
        if (random.nextInt(4) == 0) {
            return new ImageOutcome.Rejected(
                    attempt, content, "REASON_" + random.nextInt(2), bundle.version(), bundle.sha256(), origin(random));
        }
        List<CellCall> cells = new ArrayList<>();
        int count = random.nextInt(4);
        for (int k = 0; k < count; k++) {
            int probability = random.nextInt(10_001);
            cells.add(new CellCall(
                    new Box(k * 40, random.nextInt(100), 30, 30),
                    probability >= 5000,
                    probability,
                    switch (random.nextInt(8)) {
                        case 0 -> "TOUCHES_BORDER";
                        case 1 -> "OUT_OF_FOCUS";
                        default -> null;
                    },
                    random.nextInt(4) == 0 ? null : "TYPE_" + random.nextInt(3),
                    random.nextInt(5) == 0));
        }
        return new ImageOutcome.Classified(
                attempt,
                content,
                bundle,
                cells,
                origin(random),
                random.nextBoolean() ? new ImageForm("BONE_MARROW", random.nextBoolean() ? "CELL" : "FIELD") : null,
                random.nextInt(300),
                random.nextInt(256));
    }
}
